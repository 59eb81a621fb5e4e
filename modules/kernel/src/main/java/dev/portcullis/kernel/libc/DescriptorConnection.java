package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/// A connection over which bytes and one descriptor come.
public final class DescriptorConnection implements AutoCloseable {
  /// None came.
  public static final int NO_DESCRIPTOR = -1;

  // asm-generic/socket.h, recvmsg(2); x86 and ARM alike.
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  // struct cmsghdr: 16 bytes, then the descriptors of four bytes each.
  private static final long HEADER = 16;
  private static final int MOST_DESCRIPTORS = 4;
  private static final int MOST_BYTES = 64 * 1024;

  private static final MethodHandle SETSOCKOPT =
      Libc.function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECVMSG =
      Libc.function("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  private final int number;
  private int received = NO_DESCRIPTOR;

  DescriptorConnection(int number) {
    this.number = number;
  }

  /// How long {@link #receive} waits for more.
  public void patience(Duration most) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      // struct timeval: seconds and microseconds
      MemorySegment time =
          arena.allocateFrom(JAVA_LONG, most.toSeconds(), most.toMillisPart() * 1000L);
      int answer;
      try {
        answer =
            (int)
                SETSOCKOPT.invokeExact(
                    state, number, SOL_SOCKET, SO_RCVTIMEO, time, (int) time.byteSize());
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (answer < 0) {
        throw new SystemCallException("setsockopt", Libc.errno(state));
      }
    }
  }

  /// Waits for bytes, and keeps a descriptor that comes with them.
  ///
  /// @return none at the end
  /// @throws SystemCallException with EAGAIN where nothing comes in time
  public byte[] receive() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment bytes = arena.allocate(MOST_BYTES);
      MemorySegment vector = arena.allocate(16, Long.BYTES);
      vector.set(ADDRESS, 0, bytes);
      vector.set(JAVA_LONG, 8, bytes.byteSize());
      MemorySegment control =
          arena.allocate(HEADER + (long) MOST_DESCRIPTORS * Integer.BYTES, Long.BYTES);
      // struct msghdr
      MemorySegment message = arena.allocate(56, Long.BYTES);
      message.set(ADDRESS, 16, vector);
      message.set(JAVA_LONG, 24, 1);
      message.set(ADDRESS, 32, control);
      message.set(JAVA_LONG, 40, control.byteSize());
      while (true) {
        long count;
        try {
          count = (long) RECVMSG.invokeExact(state, number, message, MSG_CMSG_CLOEXEC);
        } catch (Throwable thrown) {
          throw Libc.unexpected(thrown);
        }
        if (count >= 0) {
          keep(control, message.get(JAVA_LONG, 40));
          return bytes.asSlice(0, count).toArray(JAVA_BYTE);
        }
        if (Libc.errno(state) != EINTR) {
          throw new SystemCallException("recvmsg", Libc.errno(state));
        }
      }
    }
  }

  /// Of several descriptors the first; the others are closed.
  private void keep(MemorySegment control, long length) {
    if (length < HEADER
        || control.get(JAVA_INT, 8) != SOL_SOCKET
        || control.get(JAVA_INT, 12) != SCM_RIGHTS) {
      return;
    }
    long end = Math.min(control.get(JAVA_LONG, 0), length);
    for (long at = HEADER; at + Integer.BYTES <= end; at += Integer.BYTES) {
      int descriptor = control.get(JAVA_INT, at);
      if (received == NO_DESCRIPTOR) {
        received = descriptor;
      } else {
        PathDescriptor.close(descriptor);
      }
    }
  }

  /// The descriptor that came, which is the caller's from now on; {@link #NO_DESCRIPTOR} where none
  /// did.
  public int takeDescriptor() {
    int taken = received;
    received = NO_DESCRIPTOR;
    return taken;
  }

  @Override
  public void close() {
    if (received != NO_DESCRIPTOR) {
      PathDescriptor.close(received);
      received = NO_DESCRIPTOR;
    }
    PathDescriptor.close(number);
  }
}
