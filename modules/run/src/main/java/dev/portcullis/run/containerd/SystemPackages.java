package dev.portcullis.run.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The programs of the system that a private containerd needs, and the Debian packages they are in.
public final class SystemPackages {
  private static final Duration INSTALL = Duration.ofMinutes(10);
  private static final List<String> PATH =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /// Where CNI plugins are: Debian's package, and where others put them.
  private static final List<String> PLUGINS = List.of("/usr/lib/cni", "/opt/cni/bin");

  private static final SequencedMap<String, String> PROGRAMS = new LinkedHashMap<>();
  private static final String PLUGIN_PACKAGE = "containernetworking-plugins";

  static {
    PROGRAMS.put("containerd", "containerd");
    PROGRAMS.put("ctr", "containerd");
    PROGRAMS.put("runc", "runc");
    PROGRAMS.put("unshare", "util-linux");
    PROGRAMS.put("setsid", "util-linux");
    PROGRAMS.put("mount", "mount");
    PROGRAMS.put("ip", "iproute2");
  }

  /// Where the file system begins: `/`.
  private final Path root;

  private final Commands commands;
  private final boolean superuser;

  /// Those of this machine.
  public static SystemPackages ofSystem() {
    return new SystemPackages(
        Path.of("/"), Commands.ofSystem(), "root".equals(System.getProperty("user.name")));
  }

  SystemPackages(Path root, Commands commands, boolean superuser) {
    this.root = root;
    this.commands = commands;
    this.superuser = superuser;
  }

  /// What is not there, by program, with the package to get it from.
  public SequencedMap<String, String> missing() {
    SequencedMap<String, String> missing = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : PROGRAMS.entrySet()) {
      if (!anyHas(PATH, entry.getKey())) {
        missing.put(entry.getKey(), entry.getValue());
      }
    }
    // The static one: it is the whole of an image, so there is no library for it.
    if (!anyHas(List.of("/bin", "/usr/bin"), "busybox")) {
      missing.put("busybox", "busybox-static");
    }
    for (String plugin : List.of("bridge", "host-local", "loopback")) {
      if (!anyHas(PLUGINS, plugin)) {
        missing.put("CNI plugin " + plugin, PLUGIN_PACKAGE);
      }
    }
    return missing;
  }

  /// Installs what is missing.
  ///
  /// @param say gets one line before anything is installed
  /// @throws IOException where something stays missing; the message has the command that a person
  ///   would type
  public void ensure(Consumer<String> say) throws IOException {
    SequencedMap<String, String> missing = missing();
    if (missing.isEmpty()) {
      return;
    }
    SequencedSet<String> packages = new LinkedHashSet<>(missing.values());
    List<String> install =
        new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
    install.addAll(packages);
    String what = "missing: " + String.join(", ", missing.keySet());
    String byHand = "apt-get update && " + String.join(" ", install);
    if (!anyHas(PATH, "apt-get")) {
      throw new IOException(
          what
              + ". This system has no apt-get; install the equivalents of the Debian packages "
              + String.join(", ", packages)
              + ", or name a runtime with --runtime-endpoint");
    }
    if (!superuser) {
      throw new IOException(what + ". As root, run: " + byHand);
    }
    say.accept("installing " + String.join(", ", packages) + " (" + what + ")");
    Commands.Outcome outcome = new Commands.Outcome(1, "no package lists");
    if (hasLists()) {
      outcome = commands.run(install, INSTALL);
    }
    if (!outcome.ok()) {
      Commands.Outcome update = commands.run(List.of("apt-get", "update"), INSTALL);
      outcome = update.ok() ? commands.run(install, INSTALL) : update;
    }
    if (!outcome.ok() || !missing().isEmpty()) {
      throw new IOException(
          what + ". Installing failed:\n" + outcome.output().strip() + "\nTry: " + byHand);
    }
  }

  /// The directory of the CNI plugins; null where there is none that has what a pod's network
  /// needs.
  @Nullable Path plugins() {
    for (String directory : PLUGINS) {
      if (List.of("bridge", "host-local", "loopback").stream()
          .allMatch(plugin -> anyHas(List.of(directory), plugin))) {
        return Path.of(directory);
      }
    }
    return null;
  }

  /// Whether a program is on the usual path.
  boolean has(String program) {
    return anyHas(PATH, program);
  }

  /// Where a program is on the usual path; null where it is not.
  @Nullable Path find(String program) {
    for (String directory : PATH) {
      if (anyHas(List.of(directory), program)) {
        return Path.of(directory, program);
      }
    }
    return null;
  }

  private boolean hasLists() {
    Path lists = at("/var/lib/apt/lists");
    if (!Files.isDirectory(lists)) {
      return false;
    }
    try (var entries = Files.newDirectoryStream(lists, "*_Packages*")) {
      return entries.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean anyHas(List<String> directories, String program) {
    return directories.stream()
        .anyMatch(directory -> Files.isExecutable(at(directory).resolve(program)));
  }

  private Path at(String absolute) {
    return root.resolve(absolute.substring(1));
  }
}
