package dev.portcullis.e2e.crio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Everything of one CRI-O. Its name, such as `cr-1f2e3d`, is also the bridge's and the control
/// group's.
record CrioDirectory(Path path) {
  /// Short: CRI-O has sockets of 73 more bytes below it, and unix(7) ends at 107.
  private static final Path PARENT = Path.of("/var/lib/portcullis-e2e");

  static CrioDirectory create() throws IOException {
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    CrioDirectory directory =
        new CrioDirectory(PARENT.resolve("cr-" + HexFormat.of().formatHex(random)));
    Files.createDirectories(directory.path);
    for (String made : List.of("cni", "hooks", "tmp", "no-drop-ins", "bin", "stand-ins")) {
      Files.createDirectory(directory.file(made));
    }
    Files.writeString(directory.file("owner"), identity(ProcessHandle.current()));
    return directory;
  }

  /// All that are there.
  static List<CrioDirectory> all() throws IOException {
    if (!Files.isDirectory(PARENT)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(PARENT)) {
      return entries
          .filter(it -> it.getFileName().toString().matches("cr-[0-9a-f]{6}"))
          .map(CrioDirectory::new)
          .toList();
    }
  }

  /// Whether the process that made it is gone without having removed it.
  boolean stale() throws IOException {
    if (!Files.exists(file("owner"))) {
      // Being made at this moment, or left by one that died in that moment.
      return Files.getLastModifiedTime(path).toMillis() < System.currentTimeMillis() - 60_000;
    }
    String recorded = Files.readString(file("owner"));
    return ProcessHandle.of(Long.parseLong(recorded.substring(0, recorded.indexOf(' '))))
        .map(CrioDirectory::identity)
        .filter(recorded::equals)
        .isEmpty();
  }

  private static String identity(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Object::toString).orElse("?");
  }

  String name() {
    return path.getFileName().toString();
  }

  Path file(String name) {
    return path.resolve(name);
  }

  Path socket() {
    return file("crio.sock");
  }
}
