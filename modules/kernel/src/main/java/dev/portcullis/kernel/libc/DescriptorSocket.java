package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// A unix socket that listens for connections over which descriptors are sent (unix(7),
/// `SCM_RIGHTS`). The JDK has unix sockets, and receives no descriptors.
public final class DescriptorSocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SHUT_RDWR = 2;
  private static final int BACKLOG = 128;

  private static final MethodHandle SOCKET =
      Libc.function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND =
      Libc.function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = Libc.function("listen", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT =
      Libc.function("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SHUTDOWN =
      Libc.function("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);

  private final int number;
  private volatile boolean closed;

  private DescriptorSocket(int number) {
    this.number = number;
  }

  /// Listens at a path where nothing is yet.
  ///
  /// @param path of at most {@link UnixDatagram#LONGEST_NAME} bytes
  public static DescriptorSocket listen(String path) throws SystemCallException {
    byte[] name = path.getBytes(UTF_8);
    if (name.length > UnixDatagram.LONGEST_NAME) {
      throw new IllegalArgumentException("a name of " + name.length + " bytes");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      int socket;
      int bound;
      int listens;
      // struct sockaddr_un: the family, the path, and a zero.
      MemorySegment address = arena.allocate(3L + name.length);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      try {
        socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (socket < 0) {
        throw new SystemCallException("socket", Libc.errno(state));
      }
      try {
        bound = (int) BIND.invokeExact(state, socket, address, (int) address.byteSize());
        listens = bound < 0 ? bound : (int) LISTEN.invokeExact(state, socket, BACKLOG);
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (listens < 0) {
        int errno = Libc.errno(state);
        PathDescriptor.close(socket);
        throw new SystemCallException(bound < 0 ? "bind" : "listen", errno);
      }
      return new DescriptorSocket(socket);
    }
  }

  /// Waits for the next connection; null once this is closed.
  public @Nullable DescriptorConnection accept() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      while (!closed) {
        int connection;
        try {
          connection =
              (int)
                  ACCEPT.invokeExact(
                      state, number, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC);
        } catch (Throwable thrown) {
          throw Libc.unexpected(thrown);
        }
        if (connection >= 0) {
          return new DescriptorConnection(connection);
        }
        int errno = Libc.errno(state);
        if (!closed && errno != EINTR) {
          throw new SystemCallException("accept4", errno);
        }
      }
      return null;
    }
  }

  /// Ends the waiting of {@link #accept}. The path stays.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (Arena arena = Arena.ofConfined()) {
      // Closing a descriptor wakes no waiting thread; this does, and the number stays taken until
      // the release.
      int _ = (int) SHUTDOWN.invokeExact(Libc.state(arena), number, SHUT_RDWR);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// Closes the descriptor, once no thread waits for it any more.
  public synchronized void release() {
    PathDescriptor.close(number);
  }
}
