package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A datagram to a unix socket (sendto(2)). The JDK has unix sockets for streams alone.
public final class UnixDatagram {
  /// How many bytes the name of a socket may have: `sun_path` of unix(7), which ends with a zero.
  public static final int LONGEST_NAME = 107;

  // socket(2), unix(7), x86 and ARM alike.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;

  private static final MethodHandle SOCKET =
      Libc.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SENDTO =
      Libc.function("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

  private UnixDatagram() {}

  /// Sends one, all of it or nothing.
  ///
  /// @param name of the socket: a path, or a zero and a name in the abstract namespace
  public static void send(byte[] name, byte[] message) throws SystemCallException {
    if (name.length > LONGEST_NAME) {
      throw new IllegalArgumentException("a name of " + name.length + " bytes");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      MemorySegment address = arena.allocate(2L + name.length);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      int socket = socket(state);
      try {
        send(state, socket, arena.allocateFrom(JAVA_BYTE, message), address);
      } finally {
        PathDescriptor.close(socket);
      }
    }
  }

  private static int socket(MemorySegment state) throws SystemCallException {
    int socket;
    try {
      socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (socket < 0) {
      throw new SystemCallException("socket", Libc.errno(state));
    }
    return socket;
  }

  private static void send(
      MemorySegment state, int socket, MemorySegment message, MemorySegment address)
      throws SystemCallException {
    long sent;
    try {
      sent =
          (long)
              SENDTO.invokeExact(
                  state, socket, message, message.byteSize(), 0, address, (int) address.byteSize());
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
    if (sent < 0) {
      throw new SystemCallException("sendto", Libc.errno(state));
    }
  }
}
