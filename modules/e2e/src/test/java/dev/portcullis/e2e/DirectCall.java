package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.AnyCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A request to a replica of the webhook itself, by the address of its pod. A socket, as clients of
/// HTTP lose the answer that comes before their body is sent.
final class DirectCall implements AutoCloseable {
  private static final int PIECE = 64 * 1024;

  private final SSLSocket socket;

  private DirectCall(SSLSocket socket) {
    this.socket = socket;
  }

  /// Says that so many bytes follow where a review is expected.
  static DirectCall announce(String address, int bytes)
      throws IOException, GeneralSecurityException {
    SSLSocket socket = (SSLSocket) AnyCertificate.trusted().getSocketFactory().createSocket();
    DirectCall call = new DirectCall(socket);
    try {
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress(address, 8443), 30_000);
      call.write(
          """
          POST /mutate HTTP/1.1\r
          Host: portcullis\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          """
              .formatted(bytes)
              .getBytes(StandardCharsets.US_ASCII));
      return call;
    } catch (IOException e) {
      call.close();
      throw e;
    }
  }

  /// The first line of the answer.
  @Nullable String status() throws IOException {
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }

  /// Sends them, and how many it could before the other side hung up.
  int sent(int bytes) {
    byte[] piece = new byte[PIECE];
    int sent = 0;
    try {
      while (sent < bytes) {
        write(piece);
        sent += piece.length;
      }
    } catch (IOException _) {
      // It hung up.
    }
    return sent;
  }

  private void write(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
