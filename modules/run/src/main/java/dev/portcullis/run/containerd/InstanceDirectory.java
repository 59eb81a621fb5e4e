package dev.portcullis.run.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Everything of one private containerd. Its name, such as `pc-1f2e3d4c`, is also the bridge's and
/// the control group's.
record InstanceDirectory(Path path) {
  private static final String PREFIX = "pc-";

  /// A new one.
  static InstanceDirectory create(Path parent) throws IOException {
    // unix(7): 107 bytes for the path of a socket.
    if (parent.toString().length() > 70) {
      throw new IOException(parent + " is too long for the sockets below it; use a shorter path");
    }
    Files.createDirectories(parent);
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    return new InstanceDirectory(
        Files.createDirectory(
            parent.toRealPath().resolve(PREFIX + HexFormat.of().formatHex(random)),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"))));
  }

  /// Those of earlier runs, and of others that run now.
  static List<InstanceDirectory> in(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (var entries = Files.list(parent.toRealPath())) {
      return entries
          .filter(it -> it.getFileName().toString().matches(PREFIX + "[0-9a-f]{8}"))
          .filter(it -> Files.isDirectory(it, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .map(InstanceDirectory::new)
          .toList();
    }
  }

  String name() {
    return path.getFileName().toString();
  }

  Path socket() {
    return path.resolve("containerd.sock");
  }

  Path config() {
    return path.resolve("config.toml");
  }

  Path log() {
    return path.resolve("containerd.log");
  }

  Path networks() {
    return path.resolve("cni");
  }

  /// Stands in for /run/containerd, where shims put their sockets whatever they are told.
  Path shims() {
    return path.resolve("shims");
  }

  /// Stands in for /var/lib/cni, where results of plugins go whatever they are told.
  Path results() {
    return path.resolve("cni-results");
  }

  /// Stands in for /proc/sys/net/ipv4/ip_forward.
  Path forwarding() {
    return path.resolve("ip_forward");
  }

  /// Exists where ports of the machine are forwarded; records whether the shared chains are to go
  /// at the end.
  Path hostPorts() {
    return path.resolve("host-ports");
  }

  Path startScript() {
    return path.resolve("start.sh");
  }

  Path removeScript() {
    return path.resolve("remove.sh");
  }

  /// Records that this process owns it: its number, when it was started, and since when the machine
  /// runs.
  void claim() throws IOException {
    Files.writeString(owner(), identity(ProcessHandle.current()));
  }

  /// Gives it up: it is not removed any more.
  void release() throws IOException {
    Files.writeString(path.resolve("kept"), "");
  }

  /// Whether the process that made it is gone without having removed it.
  boolean stale() throws IOException {
    if (Files.exists(path.resolve("kept"))) {
      return false;
    }
    if (!Files.exists(owner())) {
      // Being made at this moment, or left by one that died in that moment.
      return Files.getLastModifiedTime(path).toMillis() < System.currentTimeMillis() - 60_000;
    }
    String recorded = Files.readString(owner());
    int space = recorded.indexOf(' ');
    if (space <= 0 || !recorded.substring(0, space).matches("[0-9]{1,18}")) {
      return true;
    }
    Optional<ProcessHandle> process =
        ProcessHandle.of(Long.parseLong(recorded.substring(0, space)));
    return process.isEmpty() || !identity(process.get()).equals(recorded);
  }

  private Path owner() {
    return path.resolve("owner");
  }

  private static String identity(ProcessHandle process) throws IOException {
    String since = process.info().startInstant().map(Object::toString).orElse("?");
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    return process.pid() + " " + since + " " + boot;
  }
}
