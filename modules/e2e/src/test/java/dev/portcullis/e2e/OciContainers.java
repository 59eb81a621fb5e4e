package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Containers of runc without anything around it: a user of no rights, who tries what it should not
/// be able to do, and gives up what it may.
final class OciContainers {
  private static final int SECONDS = 60;

  /// Each deed is told only where its effect can be seen: an answer that fakes success is none.
  /// What begins with `keeps` was to be given up, and is there.
  private static final String DEEDS =
      """
      busybox grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):' /proc/self/status
      exec 2>/dev/null
      deed() { echo "deed $1"; }
      cd /tmp
      echo x >f; echo x >g
      busybox mkdir d; [ -d d ] && deed mkdir
      busybox ln -s f s; [ -L s ] && deed symlink
      busybox ln f l; [ -f l ] && deed link
      busybox mv g h; [ -f h ] && deed rename
      busybox mkfifo p; [ -p p ] && deed mkfifo
      busybox mknod n c 1 3; [ -c n ] && deed mknod
      busybox chmod 711 f; [ "$(busybox stat -c %a f)" = 711 ] && deed chmod
      busybox chown 7 f; [ "$(busybox stat -c %u f)" = 7 ] && deed chown
      [ "$(busybox chroot /etc /bin/busybox echo in)" = in ] && deed chroot
      busybox mount -t tmpfs none /etc; busybox grep -q ' /etc ' /proc/mounts && deed mount
      busybox mount -o remount,rw /; (echo >/new); [ -e /new ] && deed remount
      busybox umount /etc/fixed; [ "$(busybox grep -c ' /etc/fixed ' /proc/mounts)" = 0 ] && deed umount
      busybox unshare -U busybox readlink /proc/self/ns/user >u
      [ -s u ] && [ "$(busybox cat u)" != "$(busybox readlink /proc/self/ns/user)" ] && deed user-namespace
      [ "$(busybox unshare -m busybox echo in)" = in ] && deed mount-namespace
      busybox hostname other; [ "$(busybox cat /proc/sys/kernel/hostname)" = other ] && deed sethostname
      [ "$(busybox start-stop-daemon -S -c 0:0 -x /bin/busybox -- id -u)" = 0 ] && deed setuid
      [ "$(busybox linux32 busybox uname -m)" = i686 ] && deed personality
      busybox renice -n -5 -p $$; [ "$(busybox cut -d' ' -f19 /proc/$$/stat)" = -5 ] && deed nice
      [ "$(busybox nsenter -t 1 -m busybox echo in)" = in ] && deed setns
      busybox sleep 1 & busybox kill $!; wait $!; [ $? = 143 ] && deed kill
      (umask 077; echo >m; [ "$(busybox stat -c %a m)" = 644 ] && deed keeps-umask)
      (exec 9<f; exec 9<&-; busybox readlink /proc/self/fd/9 && deed keeps-descriptor)
      (cd /proc; [ "$(busybox readlink /proc/self/cwd)" = /tmp ] && deed keeps-directory)
      echo done
      """;

  private final Path directory;
  private final AtomicInteger count = new AtomicInteger();

  /// What came of a container.
  ///
  /// @param status of /proc/self/status; empty where it did not start
  /// @param ended whether it came to its end
  record Seen(Map<String, String> status, SortedSet<String> deeds, boolean ended, String output) {
    boolean started() {
      return status.containsKey("Uid") && status.containsKey("Seccomp");
    }

    /// What this has and the other has not, in words; empty where there is nothing.
    String moreThan(Seen other) {
      TreeSet<String> more = new TreeSet<>(deeds);
      more.removeAll(other.deeds);
      for (String field : new String[] {"Uid", "Gid", "Groups", "Seccomp"}) {
        if (!String.valueOf(status.get(field)).equals(other.status.get(field))) {
          more.add(field + " " + status.get(field) + " for " + other.status.get(field));
        }
      }
      for (String field : new String[] {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
        if ((bits(field) & ~other.bits(field)) != 0) {
          more.add(field + " " + status.get(field) + " for " + other.status.get(field));
        }
      }
      if (!String.valueOf(status.get("NoNewPrivs")).equals(other.status.get("NoNewPrivs"))) {
        more.add("NoNewPrivs " + status.get("NoNewPrivs"));
      }
      return String.join("; ", more);
    }

    private long bits(String field) {
      return Long.parseUnsignedLong(status.getOrDefault(field, "0"), 16);
    }
  }

  /// @param directory of bundles and of runc's state, removed by the caller
  OciContainers(Path directory) throws IOException {
    this.directory = directory;
    Path root = directory.resolve("rootfs");
    for (String each : new String[] {"bin", "proc", "tmp", "dev", "etc/bin", "etc/fixed"}) {
      Files.createDirectories(root.resolve(each));
    }
    // runc gives what it mounts there the mode of what it found.
    Files.setPosixFilePermissions(
        root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    for (String bin : new String[] {"bin", "etc/bin"}) {
      Files.copy(Path.of("/bin/busybox"), root.resolve(bin).resolve("busybox"));
    }
    Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
    Files.writeString(root.resolve("deeds"), DEEDS);
  }

  /// Runs one.
  ///
  /// @param noNewPrivileges whether runc loads the filter after it has dropped all rights
  Seen run(String profile, boolean noNewPrivileges) throws IOException, InterruptedException {
    String id = "escape-" + ProcessHandle.current().pid() + "-" + count.incrementAndGet();
    Path bundle = Files.createDirectory(directory.resolve(id));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "hostname": "escape", "root": {"path": "%s", "readonly": true},
         "process": {"args": ["/bin/sh", "/deeds"], "env": ["PATH=/bin"], "cwd": "/",
           "user": {"uid": 1000, "gid": 1000}, "noNewPrivileges": %s, "capabilities": {}},
         "mounts": [
           {"destination": "/proc", "type": "proc", "source": "proc"},
           {"destination": "/etc/fixed", "type": "tmpfs", "source": "tmpfs"},
           {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "mode=1777"]}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "uts"}, {"type": "ipc"}, {"type": "network"}],
           "seccomp": %s}}
        """
            .formatted(directory.resolve("rootfs"), noNewPrivileges, profile));
    Path output = bundle.resolve("output");
    String state = directory.resolve("state").toString();
    Process process =
        new ProcessBuilder("runc", "--root", state, "run", "-b", bundle.toString(), id)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      new ProcessBuilder("runc", "--root", state, "delete", "-f", id).start().waitFor();
      process.destroyForcibly();
    }
    return seen(new String(Files.readAllBytes(output), UTF_8));
  }

  private static Seen seen(String output) {
    Map<String, String> status = new LinkedHashMap<>();
    SortedSet<String> deeds = new TreeSet<>();
    for (String line : output.split("\n")) {
      String[] words = line.split("[:\\s]+", 2);
      if (line.startsWith("deed ")) {
        deeds.add(words[1]);
      } else if (line.matches("(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):.*")) {
        status.put(words[0], words.length < 2 ? "" : words[1].strip());
      }
    }
    return new Seen(status, deeds, output.contains("\ndone"), output);
  }
}
