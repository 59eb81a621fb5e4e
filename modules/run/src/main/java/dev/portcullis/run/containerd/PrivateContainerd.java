package dev.portcullis.run.containerd;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A containerd of our own. Everything of it is below one directory, in a mount namespace of its
/// own; one that the machine already has is not touched.
///
/// It has a session of its own, so Ctrl-C in the terminal does not reach it: who started it decides
/// when it ends.
public final class PrivateContainerd implements AutoCloseable {
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final int LAST_LINES = 12;

  private final InstanceDirectory directory;
  private final Commands commands;
  private final Process process;
  private final Cri cri;
  private final String snapshotter;
  private final AtomicBoolean ended = new AtomicBoolean();

  private PrivateContainerd(
      InstanceDirectory directory,
      Commands commands,
      Process process,
      Cri cri,
      String snapshotter) {
    this.directory = directory;
    this.commands = commands;
    this.process = process;
    this.cri = cri;
    this.snapshotter = snapshotter;
  }

  /// What may be chosen.
  ///
  /// @param parent where its directory is made; on a disk, and short
  /// @param handlers further runtimes by the name of their handler
  /// @param patience how long it may take until it serves
  /// @param programs a directory where containerd and its shim are taken from; null for those of
  ///   the system
  public record Options(
      Path parent, Map<String, Path> handlers, Duration patience, @Nullable Path programs) {
    /// Below /var/lib/portcullis; runc, and crun where it is installed.
    public static final Options DEFAULT =
        new Options(Path.of("/var/lib/portcullis"), Map.of(), Duration.ofSeconds(30));

    /// One with the programs of the system.
    public Options(Path parent, Map<String, Path> handlers, Duration patience) {
      this(parent, handlers, patience, null);
    }

    public Options {
      for (Map.Entry<String, Path> handler : handlers.entrySet()) {
        // What Kubernetes takes for a RuntimeClass's handler, and what needs no quoting in TOML.
        if (!handler.getKey().matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")) {
          throw new IllegalArgumentException("not a name of a handler: " + handler.getKey());
        }
      }
      handlers = Map.copyOf(handlers);
    }
  }

  /// Starts one and waits until it serves. Removes first what earlier runs left that were killed.
  ///
  /// @param say gets lines about what cannot be had, such as a network
  public static PrivateContainerd start(Options options, Consumer<String> say) throws IOException {
    Commands commands = Commands.ofSystem();
    for (InstanceDirectory earlier : InstanceDirectory.in(options.parent())) {
      if (earlier.stale()) {
        say.accept("removing the remains of an earlier run in " + earlier.path());
        new InstanceCleanup(earlier, commands).remove();
      }
    }
    InstanceDirectory directory = InstanceDirectory.create(options.parent());
    Process process = null;
    try {
      directory.claim();
      String snapshotter = overlayWorks(directory, commands) ? "overlayfs" : "native";
      Cri cri;
      try (StartLock _ = StartLock.take()) {
        prepare(directory, options, snapshotter, commands, say);
        process = spawn(directory, options.programs());
        cri = await(directory, process, options.patience());
      }
      try {
        loadOwnImages(directory, snapshotter, cri, commands);
        return new PrivateContainerd(directory, commands, process, cri, snapshotter);
      } catch (IOException | CriException | RuntimeException e) {
        cri.close();
        throw e;
      }
    } catch (IOException | CriException | RuntimeException e) {
      IOException failure =
          new IOException("the private containerd does not start: " + e.getMessage(), e);
      try {
        remove(directory, process, commands);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  private static void prepare(
      InstanceDirectory directory,
      Options options,
      String snapshotter,
      Commands commands,
      Consumer<String> say)
      throws IOException {
    var packages = SystemPackages.ofSystem();
    Path plugins = packages.plugins();
    for (Path made :
        List.of(
            directory.networks(),
            directory.shims(),
            directory.results(),
            directory.path().resolve("tmp"))) {
      Files.createDirectory(made);
    }
    if (plugins == null) {
      say.accept(
          "no pod network: the CNI plugins bridge, host-local and loopback are not installed"
              + " (Debian: containernetworking-plugins)");
    } else {
      boolean hostPorts =
          packages.has("iptables") && Files.isExecutable(plugins.resolve("portmap"));
      PodNetwork network =
          PodNetwork.choose(directory.name(), Files.readString(Path.of("/proc/net/route")));
      Files.writeString(
          directory.networks().resolve("10-portcullis.conflist"),
          network.conflist(directory.path().resolve("addresses"), hostPorts));
      if (hostPorts) {
        Files.writeString(
            directory.hostPorts(), new HostPorts(commands).hasChains() ? "keep" : "remove");
      }
    }
    Map<String, Path> handlers = new LinkedHashMap<>();
    for (String runtime : List.of("runc", "crun")) {
      Path program = packages.find(runtime);
      if (program != null) {
        handlers.put(runtime, program);
      }
    }
    handlers.putAll(options.handlers());
    Files.copy(Path.of("/proc/sys/net/ipv4/ip_forward"), directory.forwarding());
    Files.writeString(
        directory.config(), new ContainerdConfig(directory, snapshotter, handlers, plugins).text());
    Files.writeString(directory.startScript(), Scripts.start(directory));
    Files.writeString(directory.removeScript(), Scripts.remove(directory));
    MountPoints.create();
  }

  // overlayfs(5): its upper directory cannot be on another overlay, which is where a container's
  // own
  // root is. Whether it can be is found out by trying.
  private static boolean overlayWorks(InstanceDirectory directory, Commands commands)
      throws IOException {
    Path probe = Files.createDirectory(directory.path().resolve("probe"));
    for (String part : List.of("lower", "upper", "work", "merged")) {
      Files.createDirectory(probe.resolve(part));
    }
    return commands
        .run(
            List.of(
                "unshare",
                "--mount",
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(probe),
                probe.resolve("merged").toString()),
            SHORT)
        .ok();
  }

  private static Process spawn(InstanceDirectory directory, @Nullable Path programs)
      throws IOException {
    var builder =
        // Each executes the next, so the process is containerd in the end.
        new ProcessBuilder(
                "setsid",
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                directory.startScript().toString())
            .directory(directory.path().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(directory.log().toFile());
    // systemd's and Docker's variables would make it report to them.
    builder
        .environment()
        .keySet()
        .removeIf(it -> it.startsWith("NOTIFY_") || it.startsWith("OTEL_"));
    if (programs != null) {
      // Its shim is looked for on the path, too.
      builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    }
    return builder.start();
  }

  private static Cri await(InstanceDirectory directory, Process process, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    CriException last = null;
    while (process.isAlive()) {
      if (Files.exists(directory.socket())) {
        try {
          Cri cri = Cri.connect("unix://" + directory.socket());
          requireStandIns(process);
          return cri;
        } catch (CriException notYet) {
          last = notYet;
        }
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted");
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "it is not ready after " + patience.toSeconds() + " s" + lastLines(directory), last);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new IOException("containerd ended" + lastLines(directory), last);
  }

  // Another instance may have removed the directory under the mount at the very moment of its own
  // end.
  private static void requireStandIns(Process process) throws IOException {
    String mounts = Files.readString(Path.of("/proc/" + process.pid() + "/mountinfo"));
    for (Path directory : MountPoints.DIRECTORIES) {
      if (!mounts.contains(" " + directory.toRealPath() + " ")) {
        throw new IOException(
            "nothing is mounted on " + directory + " in its namespace; try again");
      }
    }
  }

  private static String lastLines(InstanceDirectory directory) throws IOException {
    if (!Files.exists(directory.log())) {
      return "";
    }
    List<String> lines = Files.readAllLines(directory.log());
    return ". Its last output:\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private static void loadOwnImages(
      InstanceDirectory directory, String snapshotter, Cri cri, Commands commands)
      throws IOException, CriException {
    Path archive = directory.path().resolve("images.tar");
    try (OutputStream out = Files.newOutputStream(archive)) {
      ImageArchive.write(ImageArchive.PROGRAM, commands, out);
    }
    Images.load(archive, "unix://" + directory.socket(), snapshotter, cri, commands);
    Files.delete(archive);
  }

  /// Where it listens, `unix:///...`.
  public String endpoint() {
    return "unix://" + directory.socket();
  }

  /// A connection to it, which ends with it.
  public Cri cri() {
    return cri;
  }

  /// The control group for its sandboxes. What runs in another one is not found when it is closed.
  public String cgroupParent() {
    return "/" + directory.name();
  }

  /// The command that runs another one in its mount namespace, where each sees what the other
  /// mounts. What has an argument below its directory is ended with it.
  public List<String> inside(List<String> command) {
    List<String> inside =
        new ArrayList<>(List.of("nsenter", "--mount=/proc/" + process.pid() + "/ns/mnt"));
    inside.addAll(command);
    return List.copyOf(inside);
  }

  /// Its directory.
  public Path directory() {
    return directory.path();
  }

  /// The name of the image that it always has.
  public static String busyboxImage() {
    return ImageArchive.BUSYBOX;
  }

  /// Loads images from an archive.
  ///
  /// @return their names
  public List<String> load(Path archive, Consumer<String> say) throws IOException, CriException {
    if (!Files.isRegularFile(archive) || !Files.isReadable(archive)) {
      throw new IOException(archive + ": not a readable file");
    }
    say.accept("loading " + archive);
    return Images.load(archive, endpoint(), snapshotter, cri, commands);
  }

  /// Leaves everything running when this process ends.
  ///
  /// @return the commands by which a person looks at it, and removes it
  public List<String> keep() throws IOException {
    if (!ended.compareAndSet(false, true)) {
      throw new IllegalStateException("it has been closed");
    }
    directory.release();
    cri.close();
    return List.of(
        "ctr --address " + directory.socket() + " --namespace k8s.io containers list",
        "ctr --address " + directory.socket() + " --namespace k8s.io tasks list",
        "sh " + directory.removeScript());
  }

  /// Ends it, with everything that runs in it, and removes every trace. The second call does
  /// nothing.
  @Override
  public void close() throws IOException {
    if (ended.compareAndSet(false, true)) {
      cri.close();
      remove(directory, process, commands);
    }
  }

  private static void remove(
      InstanceDirectory directory, @Nullable Process process, Commands commands)
      throws IOException {
    if (process != null) {
      // It goes first: it would restart nothing, but start what is under way.
      process.destroyForcibly();
      try {
        process.waitFor(SHORT.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    new InstanceCleanup(directory, commands).remove();
    try (StartLock _ = StartLock.take()) {
      MountPoints.remove();
    }
  }
}
