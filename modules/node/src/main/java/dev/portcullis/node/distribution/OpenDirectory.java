package dev.portcullis.node.distribution;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A directory that is held open: what is done in it is done in this one, whatever takes its place
/// meanwhile.
///
/// @param path for flushing, and for messages
record OpenDirectory(SecureDirectoryStream<Path> stream, Path path) implements AutoCloseable {

  /// The profile root. It may be a symbolic link itself: the kubelet would follow it, too.
  static OpenDirectory root(Path root) throws IOException {
    Path real = root.toRealPath();
    return new OpenDirectory(open(real), real);
  }

  /// The profile root, made where only it is missing.
  static OpenDirectory rootMade(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      make(root);
    }
    return root(root);
  }

  /// The directory of a file, without following a link below the root.
  ///
  /// @param path below the root, of the file
  /// @param made whether directories that are missing are made
  static OpenDirectory of(Path root, String path, boolean made) throws IOException {
    OpenDirectory directory = root(root);
    String[] elements = path.split("/", -1);
    for (int i = 0; i < elements.length - 1; i++) {
      try (OpenDirectory parent = directory) {
        directory = parent.child(elements[i], made);
      }
    }
    return directory;
  }

  private OpenDirectory child(String name, boolean made) throws IOException {
    Path below = path.resolve(name);
    Path relative = Path.of(name);
    try {
      return new OpenDirectory(
          stream.newDirectoryStream(relative, LinkOption.NOFOLLOW_LINKS), below);
    } catch (NoSuchFileException missing) {
      if (!made) {
        throw missing;
      }
      make(below);
      flush();
      return new OpenDirectory(
          stream.newDirectoryStream(relative, LinkOption.NOFOLLOW_LINKS), below);
    }
  }

  private static void make(Path directory) throws IOException {
    Files.createDirectory(directory);
    // Whatever the umask.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @SuppressWarnings("StreamResourceLeak") // closed with the record
  private static SecureDirectoryStream<Path> open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException(path + ": this system has no openat(2)");
  }

  /// Makes what was renamed in it outlast a loss of power.
  void flush() throws IOException {
    try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /// What is wrong, without the names of files, which messages have already.
  static String reason(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return "does not exist";
    }
    return failed instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(failed.getMessage());
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
