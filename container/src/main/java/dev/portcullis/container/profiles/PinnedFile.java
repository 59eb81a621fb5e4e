package dev.portcullis.container.profiles;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// A file that is held before it is known what it is, and neither opened for reading nor waited
/// for. What is asked and read is this file, whatever is put in its place or in that of one of its
/// directories.
///
/// The JDK can open without following a link in the last place, and not without waiting for the
/// writer of a FIFO; so one call of openat2(2), which glibc has no function for.
final class PinnedFile implements AutoCloseable {
  // One number on all architectures (Linux 5.6), as are these two flags: open(2), fcntl.h.
  private static final long OPENAT2 = 437;
  private static final int FROM_HERE = -100;
  private static final long O_PATH = 010000000;
  private static final long O_CLOEXEC = 02000000;
  // openat2(2), linux/openat2.h.
  private static final long NO_MAGIC_LINKS = 2;
  private static final long NO_SYMBOLIC_LINKS = 4;
  // errno(3), x86 and ARM alike.
  private static final int NO_SUCH_FILE = 2;
  private static final int NO_SUCH_CALL = 38;
  private static final int LINK = 40;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
          ERRNO,
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Path path;
  private final int descriptor;

  private PinnedFile(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  @SuppressWarnings("restricted") // the C library may be called: the launcher says so
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /// @param real absolute and, when it was looked up, without symbolic links; if there is one now,
  ///   it fails
  static PinnedFile of(Path real) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment how =
          arena.allocateFrom(JAVA_LONG, O_PATH | O_CLOEXEC, 0, NO_MAGIC_LINKS | NO_SYMBOLIC_LINKS);
      long descriptor =
          (long)
              SYSCALL.invokeExact(
                  state,
                  OPENAT2,
                  FROM_HERE,
                  arena.allocateFrom(real.toString()),
                  how,
                  how.byteSize());
      if (descriptor >= 0) {
        return new PinnedFile(Path.of("/proc/self/fd/" + descriptor), (int) descriptor);
      }
      int error = (int) ERROR.get(state, 0L);
      if (error == NO_SUCH_CALL) {
        // An older kernel: by its path, and a link in the last place is seen.
        return new PinnedFile(real, -1);
      }
      throw failure(real.toString(), error);
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a call of the C library", impossible);
    }
  }

  private static IOException failure(String path, int error) {
    return switch (error) {
      case NO_SUCH_FILE -> new NoSuchFileException(path);
      case LINK ->
          new FileSystemException(path, null, "it was exchanged for a link while it was looked up");
      default -> new FileSystemException(path, null, "openat2: errno " + error);
    };
  }

  /// Its type and permissions, as stat(2) has them.
  int mode() throws IOException {
    return descriptor < 0
        ? (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
        : (Integer) Files.getAttribute(path, "unix:mode");
  }

  /// Opens it for reading. Waits where it is a FIFO.
  SeekableByteChannel open() throws IOException {
    Set<OpenOption> options =
        descriptor < 0
            ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
            : Set.of(StandardOpenOption.READ);
    return Files.newByteChannel(path, options);
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      try {
        int _ = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable impossible) {
        throw new IllegalStateException("a call of the C library", impossible);
      }
    }
  }
}
