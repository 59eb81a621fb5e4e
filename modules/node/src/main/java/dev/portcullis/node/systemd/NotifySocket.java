package dev.portcullis.node.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.kernel.libc.SystemCallException;
import dev.portcullis.kernel.libc.UnixDatagram;
import java.io.IOException;

/// The socket where the service manager listens (sd_notify(3)).
final class NotifySocket {
  private NotifySocket() {}

  /// @param path absolute, or `@` and a name in the abstract namespace
  static void send(String path, String words) throws IOException {
    byte[] name = path.getBytes(UTF_8);
    if (name.length > UnixDatagram.LONGEST_NAME
        || !(path.startsWith("/") || path.startsWith("@"))) {
      throw new IOException("NOTIFY_SOCKET \"" + path + "\" is not the path of a unix socket");
    }
    if (name[0] == '@') {
      name[0] = 0;
    }
    try {
      UnixDatagram.send(name, words.getBytes(UTF_8));
    } catch (SystemCallException e) {
      throw new IOException(
          e.call() + " to the service manager at " + path + ": errno " + e.errno(), e);
    }
  }
}
