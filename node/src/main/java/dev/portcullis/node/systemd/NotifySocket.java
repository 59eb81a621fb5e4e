package dev.portcullis.node.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// A datagram to a unix socket. The JDK has unix sockets for streams alone.
final class NotifySocket {
  // socket(2), unix(7), x86 and ARM alike.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int LONGEST_PATH = 107;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SENDTO =
      handle(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private NotifySocket() {}

  @SuppressWarnings("restricted") // the C library may be called: the launcher says so
  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, ERRNO);
  }

  /// @param path absolute, or `@` and a name in the abstract namespace
  static void send(String path, String words) throws IOException {
    byte[] name = path.getBytes(UTF_8);
    if (name.length > LONGEST_PATH || !(path.startsWith("/") || path.startsWith("@"))) {
      throw new IOException("NOTIFY_SOCKET \"" + path + "\" is not the path of a unix socket");
    }
    if (name[0] == '@') {
      name[0] = 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment address = arena.allocate(2L + name.length);
      address.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      byte[] bytes = words.getBytes(UTF_8);
      MemorySegment message = arena.allocateFrom(JAVA_BYTE, bytes);
      int socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (socket < 0) {
        throw failure("socket", state, path);
      }
      try {
        long sent =
            (long)
                SENDTO.invokeExact(
                    state, socket, message, (long) bytes.length, 0, address, 2 + name.length);
        if (sent != bytes.length) {
          throw failure("sendto", state, path);
        }
      } finally {
        int _ = (int) CLOSE.invokeExact(state, socket);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a call of the C library", impossible);
    }
  }

  private static IOException failure(String call, MemorySegment state, String path) {
    return new IOException(
        call + " to the service manager at " + path + ": errno " + (int) ERROR.get(state, 0L));
  }
}
