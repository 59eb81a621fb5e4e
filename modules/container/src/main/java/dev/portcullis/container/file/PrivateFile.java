package dev.portcullis.container.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes files that only their owner may read, whole or not at all.
public final class PrivateFile {
  /// For its owner to read and write.
  public static final Set<PosixFilePermission> WRITABLE =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /// For its owner to read.
  public static final Set<PosixFilePermission> READABLE = Set.of(PosixFilePermission.OWNER_READ);

  private PrivateFile() {}

  /// Makes a directory, and those above it, that only its owner can look into; none that is there
  /// is changed.
  public static void createDirectory(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /// Puts a file in the place of one that may be there: anyone who reads it finds the old content
  /// or the new one. It is written beside it first, under its name and `.new`. For one thread at a
  /// time, and one process.
  ///
  /// @throws IOException where it cannot be written, for example because the disk is full: then the
  ///   old file stays, and nothing beside it
  public static void write(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    // What a killed process left.
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(permissions))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      Files.deleteIfExists(fresh);
      throw failed;
    }
  }
}
