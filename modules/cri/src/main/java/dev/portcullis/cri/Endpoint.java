package dev.portcullis.cri;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a runtime listens: `unix:///run/containerd/containerd.sock`.
///
/// gRPC reports every failed connection alike, so the plain ones are told apart here before it is
/// asked.
record Endpoint(String text, Path socket) {
  // unix(7): sun_path has 108 bytes, the last one for the terminating zero.
  private static final int LONGEST_PATH = 107;
  // inode(7): S_IFMT and S_IFSOCK.
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  static Endpoint parse(String text) throws CriException {
    if (!text.startsWith("unix:///") || text.indexOf('\0') >= 0) {
      throw bad(
          text,
          "must be unix:// and an absolute path, such as unix:///run/containerd/containerd.sock");
    }
    String path = text.substring("unix://".length());
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH) {
      throw bad(text, "path has " + bytes + " bytes, a socket's has at most " + LONGEST_PATH);
    }
    return new Endpoint(text, Path.of(path));
  }

  /// Connects once and hangs up.
  void probe() throws CriException {
    try {
      int mode = (Integer) Files.getAttribute(socket, "unix:mode");
      if ((mode & FILE_TYPE) != SOCKET) {
        throw unreachable("not a socket", null);
      }
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
    } catch (NoSuchFileException e) {
      throw unreachable("no such socket: start the runtime", e);
    } catch (AccessDeniedException e) {
      throw unreachable("permission denied; run this as root", e);
    } catch (ConnectException e) {
      throw unreachable("nothing listens there (connection refused); start the runtime", e);
    } catch (IOException e) {
      // The JDK has no type of its own for a socket that may not be written.
      String reason = String.valueOf(e.getMessage());
      throw unreachable(
          reason.contains("denied") ? "permission denied; run this as root" : reason, e);
    }
  }

  private CriException unreachable(String reason, @Nullable IOException cause) {
    return new CriException(
        CriException.Kind.UNREACHABLE,
        "connect",
        "",
        "runtime endpoint " + text + ": " + reason,
        cause);
  }

  private static CriException bad(String text, String reason) {
    return new CriException(
        CriException.Kind.BAD_ENDPOINT,
        "connect",
        "",
        "runtime endpoint \"" + text + "\": " + reason,
        null);
  }
}
