package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.EFBIG;
import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A file or directory that is held and not opened (`O_PATH`), whatever it is: nothing waits, not
/// even for the writer of a FIFO. It stays the same, whatever takes its place.
public final class PathDescriptor implements AutoCloseable {
  // One number on all architectures (Linux 5.6), as are these two flags: open(2), fcntl.h.
  private static final long OPENAT2 = 437;
  private static final int AT_FDCWD = -100;
  private static final int O_PATH = 010000000;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_RDONLY = 0;
  // openat2(2), linux/openat2.h.
  private static final long RESOLVE_NO_MAGICLINKS = 2;
  private static final long RESOLVE_NO_SYMLINKS = 4;

  // As long as a page: files of /proc are seldom longer.
  private static final long FIRST_BUFFER = 4096;

  private static final MethodHandle SYSCALL =
      Libc.variadic(1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  // int openat(int dirfd, const char *pathname, int flags, ...)
  private static final MethodHandle OPENAT =
      Libc.variadic(3, "openat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle READ =
      Libc.function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = Libc.function("close", JAVA_INT, JAVA_INT);

  /// No descriptor: what is asked of a closed one fails with EBADF.
  private static final int CLOSED = -1;

  private volatile int number;

  PathDescriptor(int number) {
    this.number = number;
  }

  /// Holds what a path leads to.
  ///
  /// @throws SystemCallException with ENOENT where nothing is there
  public static PathDescriptor open(String path) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      return new PathDescriptor(openat(arena, AT_FDCWD, path, O_PATH));
    }
  }

  /// Holds what a path leads to without a symbolic link, by openat2(2), which glibc has no function
  /// for.
  ///
  /// @param path absolute
  /// @throws SystemCallException with ENOENT where nothing is there, ELOOP where it leads through a
  ///   link, and ENOSYS before Linux 5.6
  public static PathDescriptor openWithoutLinks(String path) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      // struct open_how: flags, mode, resolve
      MemorySegment how =
          arena.allocateFrom(
              JAVA_LONG, (long) O_PATH | O_CLOEXEC, 0, RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
      long answer;
      try {
        answer =
            (long)
                SYSCALL.invokeExact(
                    state, OPENAT2, AT_FDCWD, arena.allocateFrom(path), how, how.byteSize());
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (answer < 0) {
        throw new SystemCallException("openat2", Libc.errno(state));
      }
      return new PathDescriptor((int) answer);
    }
  }

  /// Its number in this process, as /proc/self/fd has it.
  public int number() {
    return number;
  }

  /// The content of a file below this directory.
  ///
  /// @param most how many bytes it may have
  /// @throws SystemCallException with EFBIG where it is longer
  public byte[] read(String name, int most) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      int file = openat(arena, number, name, O_RDONLY);
      try {
        return content(arena, file, most);
      } finally {
        close(file);
      }
    }
  }

  private static byte[] content(Arena arena, int file, int most) throws SystemCallException {
    MemorySegment state = Libc.state(arena);
    MemorySegment buffer = arena.allocate(Math.min(FIRST_BUFFER, most + 1L));
    long used = 0;
    while (true) {
      long count;
      try {
        MemorySegment rest = buffer.asSlice(used);
        count = (long) READ.invokeExact(state, file, rest, rest.byteSize());
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (count == 0) {
        return buffer.asSlice(0, used).toArray(JAVA_BYTE);
      }
      if (count < 0 && Libc.errno(state) != EINTR) {
        throw new SystemCallException("read", Libc.errno(state));
      }
      used += Math.max(count, 0);
      if (used > most) {
        throw new SystemCallException("read", EFBIG);
      }
      if (used == buffer.byteSize()) {
        MemorySegment larger = arena.allocate(Math.min(2 * used, most + 1L));
        larger.copyFrom(buffer);
        buffer = larger;
      }
    }
  }

  static int openat(Arena arena, int directory, String path, int flags) throws SystemCallException {
    MemorySegment state = Libc.state(arena);
    int answer;
    try {
      answer =
          (int) OPENAT.invokeExact(state, directory, arena.allocateFrom(path), flags | O_CLOEXEC);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (answer < 0) {
      throw new SystemCallException("openat", Libc.errno(state));
    }
    return answer;
  }

  /// From then on its number may be that of another file, and is not used again.
  @Override
  public synchronized void close() {
    int open = number;
    number = CLOSED;
    if (open != CLOSED) {
      close(open);
    }
  }

  static void close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(Libc.state(arena), descriptor);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
