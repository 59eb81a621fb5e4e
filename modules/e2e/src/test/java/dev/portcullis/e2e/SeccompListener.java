package dev.portcullis.e2e;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Who is asked by `SCMP_ACT_NOTIFY`: a unix socket that gets the listener of each container, and
/// gives all calls the same answer (seccomp_unotify(2)). For machines of 64 bits.
@SuppressWarnings("restricted")
final class SeccompListener implements AutoCloseable {
  private static final int EPERM = 1;
  private static final int RECEIVE = 0xc0502100;
  private static final int SEND = 0xc0182101;
  private static final int CONTINUE = 1;
  private static final short READABLE = 1;

  private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = call("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LISTEN = call("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle ACCEPT = call("accept", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle RECVMSG = call("recvmsg", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle IOCTL = ioctl();
  private static final MethodHandle POLL = call("poll", ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = call("close", JAVA_INT);

  private final boolean allows;
  private final int socket;
  private volatile boolean closed;

  private SeccompListener(Path path, boolean allows) {
    this.allows = allows;
    try (Arena arena = Arena.ofConfined()) {
      socket = invoke(SOCKET, 1, 1, 0);
      MemorySegment address = arena.allocate(110);
      address.set(JAVA_SHORT, 0, (short) 1);
      MemorySegment name = arena.allocateFrom(path.toString(), UTF_8);
      MemorySegment.copy(name, 0, address, 2, name.byteSize());
      if (invoke(BIND, socket, address, 110) != 0 || invoke(LISTEN, socket, 64) != 0) {
        throw new IllegalStateException("no socket at " + path);
      }
    }
    start(this::accept);
  }

  /// Opens one.
  ///
  /// @param path of its socket, at most 100 characters
  /// @param allows whether a call goes on to the kernel, or fails with EPERM
  static SeccompListener at(Path path, boolean allows) {
    return new SeccompListener(path, allows);
  }

  private static void start(Runnable task) {
    Thread.ofPlatform().daemon().name("seccomp listener").start(task);
  }

  private void accept() {
    while (!closed) {
      int connection = invoke(ACCEPT, socket, MemorySegment.NULL, MemorySegment.NULL);
      if (connection >= 0) {
        int listener = received(connection);
        int _ = invoke(CLOSE, connection);
        if (listener >= 0) {
          start(() -> serve(listener));
        }
      }
    }
  }

  /// The descriptor that comes with the first message (unix(7), SCM_RIGHTS); -1 where there is
  /// none.
  private static int received(int connection) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vector = arena.allocate(16, 8);
      vector.set(ADDRESS, 0, arena.allocate(65536));
      vector.set(JAVA_LONG, 8, 65536);
      MemorySegment control = arena.allocate(64, 8);
      MemorySegment message = arena.allocate(56, 8);
      message.set(ADDRESS, 16, vector);
      message.set(JAVA_LONG, 24, 1);
      message.set(ADDRESS, 32, control);
      message.set(JAVA_LONG, 40, 64);
      return invoke(RECVMSG, connection, message, 0) > 0 && control.get(JAVA_LONG, 0) >= 20
          ? control.get(JAVA_INT, 16)
          : -1;
    }
  }

  /// Until the container has ended.
  private void serve(int listener) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 8);
      MemorySegment asked = arena.allocate(80, 8);
      MemorySegment answer = arena.allocate(24, 8);
      while (!closed) {
        poll.set(JAVA_INT, 0, listener);
        poll.set(JAVA_SHORT, 4, READABLE);
        if (invoke(POLL, poll, 1L, 1000) > 0) {
          if ((poll.get(JAVA_SHORT, 6) & READABLE) == 0) {
            break;
          }
          asked.fill((byte) 0);
          if (invoke(IOCTL, listener, (long) RECEIVE & 0xffffffffL, asked) == 0) {
            answer.set(JAVA_LONG, 0, asked.get(JAVA_LONG, 0));
            answer.set(JAVA_INT, 16, allows ? 0 : -EPERM);
            answer.set(JAVA_INT, 20, allows ? CONTINUE : 0);
            int _ = invoke(IOCTL, listener, (long) SEND & 0xffffffffL, answer);
          }
        }
      }
    }
    int _ = invoke(CLOSE, listener);
  }

  private static MethodHandle call(String name, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static MethodHandle ioctl() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("ioctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
        Linker.Option.firstVariadicArg(2));
  }

  private static int invoke(MethodHandle handle, Object... arguments) {
    try {
      Number result = (Number) handle.invokeWithArguments(arguments);
      return result.intValue();
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() {
    closed = true;
    int _ = invoke(CLOSE, socket);
  }
}
