package dev.portcullis.container.profiles;

import static dev.portcullis.kernel.libc.ErrorNumbers.ELOOP;
import static dev.portcullis.kernel.libc.ErrorNumbers.ENOENT;
import static dev.portcullis.kernel.libc.ErrorNumbers.ENOSYS;

import dev.portcullis.kernel.libc.PathDescriptor;
import dev.portcullis.kernel.libc.SystemCallException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that is held before it is known what it is, and neither opened for reading nor waited
/// for. What is asked and read is this file, whatever is put in its place or in that of one of its
/// directories.
///
/// The JDK can open without following a link in the last place, and not without waiting for the
/// writer of a FIFO; so one call of openat2(2).
final class PinnedFile implements AutoCloseable {
  private final Path path;
  private final @Nullable PathDescriptor descriptor;

  private PinnedFile(Path path, @Nullable PathDescriptor descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /// @param real absolute and, when it was looked up, without symbolic links; if there is one now,
  ///   it fails
  static PinnedFile of(Path real) throws IOException {
    try {
      PathDescriptor descriptor = PathDescriptor.openWithoutLinks(real.toString());
      return new PinnedFile(Path.of("/proc/self/fd/" + descriptor.number()), descriptor);
    } catch (SystemCallException refused) {
      if (refused.errno() == ENOSYS) {
        // An older kernel: by its path, and a link in the last place is seen.
        return new PinnedFile(real, null);
      }
      throw failure(real.toString(), refused);
    }
  }

  private static IOException failure(String path, SystemCallException refused) {
    return switch (refused.errno()) {
      case ENOENT -> new NoSuchFileException(path);
      case ELOOP ->
          new FileSystemException(path, null, "it was exchanged for a link while it was looked up");
      default -> new FileSystemException(path, null, refused.getMessage());
    };
  }

  /// Its type and permissions, as stat(2) has them.
  int mode() throws IOException {
    return descriptor == null
        ? (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
        : (Integer) Files.getAttribute(path, "unix:mode");
  }

  /// Opens it for reading. Waits where it is a FIFO.
  SeekableByteChannel open() throws IOException {
    Set<OpenOption> options =
        descriptor == null
            ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
            : Set.of(StandardOpenOption.READ);
    return Files.newByteChannel(path, options);
  }

  @Override
  public void close() {
    if (descriptor != null) {
      descriptor.close();
    }
  }
}
