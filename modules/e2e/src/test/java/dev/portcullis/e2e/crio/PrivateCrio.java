package dev.portcullis.e2e.crio;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.ListItem;
import dev.portcullis.run.containerd.Commands;
import dev.portcullis.run.containerd.ImageArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A CRI-O, with everything of it below one directory, in a mount namespace of its own. One that
/// the machine has is not touched.
public final class PrivateCrio implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(15);
  private static final int LAST_LINES = 15;
  private static final Path PLUGINS = Path.of("/usr/lib/cni");

  /// What CRI-O and CNI's library write outside of what they are told.
  private static final List<Path> STAND_INS =
      List.of(Path.of("/var/lib/cni"), Path.of("/run/netns"), Path.of("/run/crio"));

  private final CrioDirectory directory;
  private final Process process;
  private final Cri cri;
  private final Commands commands;

  private PrivateCrio(CrioDirectory directory, Process process, Cri cri, Commands commands) {
    this.directory = directory;
    this.process = process;
    this.cri = cri;
    this.commands = commands;
  }

  /// Starts one, and comes back when it serves. Removes first what earlier ones left that were
  /// killed.
  static PrivateCrio start(CrioPrograms programs, Kind kind) throws IOException, CriException {
    Commands commands = Commands.ofSystem();
    for (CrioDirectory earlier : CrioDirectory.all()) {
      if (earlier.stale()) {
        new CrioRemains(earlier, commands).remove();
      }
    }
    CrioDirectory directory = CrioDirectory.create();
    Process process = null;
    try {
      Path log = Path.of("modules/e2e/target/crio", directory.name() + ".log").toAbsolutePath();
      Files.createDirectories(log.getParent());
      prepare(directory, programs, kind, commands);
      process = spawn(directory, log);
      return new PrivateCrio(directory, process, await(directory, process, log), commands);
    } catch (IOException | RuntimeException e) {
      if (process != null) {
        process.destroyForcibly();
      }
      new CrioRemains(directory, commands).remove();
      throw e;
    }
  }

  private static void prepare(
      CrioDirectory directory, CrioPrograms programs, Kind kind, Commands commands)
      throws IOException {
    CrioNetwork network = CrioNetwork.choose(directory.name(), commands);
    Files.writeString(
        directory.file("cni/10-bridge.conflist"), network.conflist(directory.file("addresses")));
    Files.copy(Path.of("/proc/sys/net/ipv4/ip_forward"), directory.file("ip_forward"));
    Files.writeString(
        directory.file("storage.conf"),
        """
        [storage]
        driver = "overlay"
        graphroot = "%1$s/root"
        runroot = "%1$s/runroot"
        """
            .formatted(directory.path()));
    CrioConfig config = new CrioConfig(directory.path());
    kind.configure(config, programs, directory);
    Files.writeString(directory.file("crio.conf"), config.text(programs.pinns(), PLUGINS));
    try (OutputStream out = Files.newOutputStream(directory.file("images.tar"))) {
      ImageArchive.write(Path.of("/bin/busybox"), commands, out);
    }
    Files.writeString(directory.file("start.sh"), script(directory, programs));
  }

  private static String script(CrioDirectory directory, CrioPrograms programs) throws IOException {
    StringBuilder mounts = new StringBuilder();
    for (Path standIn : STAND_INS) {
      Files.createDirectories(standIn);
      Path own =
          Files.createDirectory(
              directory
                  .file("stand-ins")
                  .resolve(standIn.toString().replace('/', '-').substring(1)));
      mounts.append("mount --bind %s %s%n".formatted(own, standIn));
    }
    return """
    #!/bin/sh
    set -e
    dir='%1$s'
    # crun refuses a machine that has both versions of control groups mounted.
    if [ -e /sys/fs/cgroup/unified/cgroup.controllers ]; then
      umount /sys/fs/cgroup/unified
    fi
    %2$s
    # The plugin for bridges switches forwarding on for the whole machine. Its write ends here.
    mount --bind "$dir/ip_forward" /proc/sys/net/ipv4/ip_forward
    export CONTAINERS_STORAGE_CONF="$dir/storage.conf" TMPDIR="$dir/tmp"
    for image in busybox pause; do
      skopeo copy --insecure-policy --quiet "docker-archive:$dir/images.tar:localhost/portcullis/$image:1" \\
        "containers-storage:[overlay@$dir/root+$dir/runroot]localhost/portcullis/$image:1"
    done
    exec '%3$s' --config "$dir/crio.conf" --config-dir "$dir/no-drop-ins"
    """
        .formatted(directory.path(), mounts.toString().stripTrailing(), programs.crio());
  }

  private static Process spawn(CrioDirectory directory, Path log) throws IOException {
    ProcessBuilder builder =
        // Each executes the next, so the process is CRI-O in the end. It sees what this process
        // mounts later, as volumes of pods.
        new ProcessBuilder(
                "setsid",
                "unshare",
                "--mount",
                "--propagation=slave",
                "sh",
                directory.file("start.sh").toString())
            .directory(directory.path().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(it -> it.startsWith("NOTIFY_") || it.startsWith("OTEL_"));
    return builder.start();
  }

  private static Cri await(CrioDirectory directory, Process process, Path log) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      if (Files.exists(directory.socket())) {
        try {
          return Cri.connect("unix://" + directory.socket());
        } catch (CriException notYet) {
          // It listens before it serves.
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    List<String> lines = Files.readAllLines(log);
    throw new IOException(
        "CRI-O does not serve; the end of "
            + log
            + ":\n"
            + String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
  }

  /// Where it listens, `unix:///...`.
  public String endpoint() {
    return "unix://" + directory.socket();
  }

  /// A control group for sandboxes, which is removed with it.
  public String cgroupParent() {
    return "/" + directory.name();
  }

  /// A connection to it, which ends with it.
  public Cri cri() {
    return cri;
  }

  /// Ends it, with everything that runs in it, and removes every trace.
  @Override
  public void close() throws IOException, CriException {
    try {
      for (ListItem sandbox : cri.sandboxes(Map.of())) {
        cri.stopSandbox(sandbox.id());
        cri.removeSandbox(sandbox.id());
      }
    } finally {
      cri.close();
      end();
      new CrioRemains(directory, commands).remove();
    }
  }

  private void end() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while CRI-O ended", e);
    }
  }

  /// How it is configured, beside what the tests need of any.
  @FunctionalInterface
  interface Kind {
    void configure(CrioConfig config, CrioPrograms programs, CrioDirectory directory)
        throws IOException;
  }
}
