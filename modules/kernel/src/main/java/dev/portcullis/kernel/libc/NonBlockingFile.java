package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.EAGAIN;
import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A file that is read without waiting for what is not there yet (`O_NONBLOCK`), which the JDK has
/// for sockets and pipes alone. For one thread.
public final class NonBlockingFile implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  // asm-generic/fcntl.h, x86 and ARM alike
  private static final int O_RDONLY = 0;
  private static final int O_NONBLOCK = 04000;

  private static final MethodHandle READ =
      Libc.function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = Libc.state(arena);
  private final MemorySegment buffer;
  private final ByteBuffer view;
  private final int number;

  private NonBlockingFile(int number, int size) {
    this.number = number;
    buffer = arena.allocate(size, Long.BYTES);
    view = buffer.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// Opens a file for reading.
  ///
  /// @param size how much is read at once, at the most
  public static NonBlockingFile open(String path, int size) throws SystemCallException {
    try (Arena opening = Arena.ofConfined()) {
      return new NonBlockingFile(
          PathDescriptor.openat(opening, AT_FDCWD, path, O_RDONLY | O_NONBLOCK), size);
    }
  }

  /// What is there now, in this machine's byte order; empty where nothing is. It is overwritten by
  /// the next call.
  public ByteBuffer read() throws SystemCallException {
    long count;
    try {
      count = (long) READ.invokeExact(state, number, buffer, buffer.byteSize());
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (count < 0) {
      int errno = Libc.errno(state);
      if (errno != EAGAIN && errno != EINTR) {
        throw new SystemCallException("read", errno);
      }
      count = 0;
    }
    return view.clear().limit((int) count);
  }

  @Override
  public void close() {
    PathDescriptor.close(number);
    arena.close();
  }
}
