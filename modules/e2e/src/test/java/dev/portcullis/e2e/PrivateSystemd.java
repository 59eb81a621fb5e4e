package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A real systemd in namespaces and a cgroup of its own, with services that sleep. It sees the
/// files of the machine, and touches nothing of its services.
final class PrivateSystemd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/lib/systemd/systemd");
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final int TRIES = 300;

  /// The first part has the hierarchy of the machine, and moves into a directory of its own there;
  /// the second one sees that directory as the root.
  private static final String START =
      """
      set -e
      mount --make-rprivate /
      mount -t tmpfs tmpfs /run
      mkdir -p /run/systemd /run/lock
      mount -t tmpfs tmpfs /sys/fs/cgroup
      mount -t cgroup2 cgroup2 /sys/fs/cgroup
      mkdir -p "/sys/fs/cgroup/$1"
      echo $$ > "/sys/fs/cgroup/$1/cgroup.procs"
      umount /sys/fs/cgroup
      export container=portcullis SYSTEMD_UNIT_PATH="$2"
      exec unshare --cgroup sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
        exec /lib/systemd/systemd --system --unit=all.target --log-target=null --show-status=0'
      """;

  private static final String REMOVE =
      """
      mount --make-rprivate / && mount -t tmpfs tmpfs /sys/fs/cgroup &&
      mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd "/sys/fs/cgroup/$1" &&
      find . -depth -type d -exec rmdir {} \\; ; cd / && rmdir "/sys/fs/cgroup/$1"
      """;

  private final Path directory;
  private final String group = "portcullis-" + ProcessHandle.current().pid();
  private final Map<String, String> seconds = new LinkedHashMap<>();
  private final Map<String, String> dropIns;
  private final Process process;

  private PrivateSystemd(Path directory, Map<String, String> dropIns) throws IOException {
    this.directory = directory;
    this.dropIns = dropIns;
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Map.Entry<String, String> each : dropIns.entrySet()) {
      write(each.getKey(), each.getValue());
    }
    Files.writeString(
        directory.resolve("all.target"),
        "[Unit]\nDefaultDependencies=no\nWants="
            + String.join(" ", dropIns.keySet().stream().map(name -> name + ".service").toList())
            + "\n");
    process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--ipc",
                "--uts",
                "--mount-proc",
                "sh",
                "-c",
                START,
                "sh",
                group,
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
  }

  /// Starts it.
  ///
  /// @param dropIns for services, by their names
  static PrivateSystemd start(Path directory, Map<String, String> dropIns) throws IOException {
    assumeTrue(Files.exists(PROGRAM), "no " + PROGRAM + ": apt-get install systemd");
    assumeTrue(Files.exists(BUSYBOX), "no " + BUSYBOX + ": apt-get install busybox-static");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root starts a systemd");
    return new PrivateSystemd(directory, dropIns);
  }

  /// The unit says something else before its drop-in, as units do that somebody hardens.
  private void write(String name, String dropIn) throws IOException {
    String sleep = ProcessHandle.current().pid() + "" + (1000 + seconds.size());
    seconds.put(name, sleep);
    Files.writeString(
        directory.resolve(name + ".service"),
        """
        [Unit]
        DefaultDependencies=no
        [Service]
        ExecStart=/bin/busybox sleep %s
        StandardOutput=null
        StandardError=null
        SystemCallFilter=@system-service @mount
        SystemCallErrorNumber=EXDEV
        SystemCallArchitectures=native x86 x32
        """
            .formatted(sleep));
    Path drops = Files.createDirectory(directory.resolve(name + ".service.d"));
    Files.writeString(drops.resolve("portcullis.conf"), dropIn);
  }

  /// The process of a service that sleeps under its filters.
  LiveProcess sleeper(String name) throws IOException {
    String sleep = seconds.get(name);
    for (int i = 0; i < TRIES; i++) {
      for (long pid : pids()) {
        if (arguments(pid).equals("/bin/busybox\0sleep\0" + sleep + "\0")) {
          LiveProcess live = LiveProcess.open(pid).orElseThrow();
          if (live.seccomp().filter(it -> it.mode() == SeccompState.Mode.FILTER).isPresent()) {
            return live;
          }
          live.close();
        }
      }
      if (!process.isAlive()) {
        break;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new AssertionError(
        name + " does not run: " + Files.readString(directory.resolve("log")) + dropIns.get(name));
  }

  private static List<Long> pids() throws IOException {
    List<Long> pids = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      all.map(each -> each.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .forEach(name -> pids.add(Long.parseLong(name)));
    }
    return pids;
  }

  private static String arguments(long pid) {
    try {
      return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), UTF_8);
    } catch (IOException _) {
      // It has ended in the meantime.
      return "";
    }
  }

  /// Ends it and all that it started, and takes its cgroups away.
  @Override
  public void close() throws IOException {
    try {
      Optional<ProcessHandle> first = process.children().findFirst();
      first.ifPresent(ProcessHandle::destroyForcibly);
      process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
      new ProcessBuilder("unshare", "--mount", "sh", "-c", REMOVE, "sh", group)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("removal").toFile())
          .start()
          .waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
