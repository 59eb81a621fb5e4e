package dev.portcullis.cri;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The place of a socket that one process serves: held by a lock, so that a second one refuses to
/// start, and put there whole, so that no client finds it half made.
final class ListeningSocket implements AutoCloseable {
  // inode(7): S_IFMT and S_IFSOCK.
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final FileChannel lockFile;
  private boolean published;

  private ListeningSocket(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /// Takes the place, whatever a process that ended without cleaning up has left there.
  ///
  /// @throws IOException where another process serves it, or something else than a socket is there
  static ListeningSocket take(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
    // A lock goes with its process, however that ends; the file stays, since removing it would let
    // two processes lock two files of one name.
    FileChannel lockFile =
        FileChannel.open(
            path.resolveSibling(path.getFileName() + ".lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (!locked(lockFile) || isServed(path)) {
        throw new IOException(
            path
                + ": another process serves this socket already; stop it, or give another --listen");
      }
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
    return new ListeningSocket(path, lockFile);
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  private static boolean isServed(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new IOException(path + ": exists already and is not a socket; remove it");
    }
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
      return true;
    } catch (ConnectException nobody) {
      return false;
    }
  }

  /// Where to bind before {@link #publish}.
  Path unpublished() throws IOException {
    Path unpublished = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(unpublished);
    return unpublished;
  }

  /// Lets root and its group connect. A caller finds the old socket or the new one, never none.
  void publish(Path bound) throws IOException {
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-rw----"));
    Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
    published = true;
  }

  @Override
  public void close() throws IOException {
    try (lockFile) {
      if (published) {
        Files.deleteIfExists(path);
      }
    }
  }
}
