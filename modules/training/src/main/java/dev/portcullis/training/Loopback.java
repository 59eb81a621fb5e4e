package dev.portcullis.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/// Ports of this machine alone, and the pages there.
final class Loopback {
  private Loopback() {}

  /// One on which no process listens now. If another one takes it before the trainee, the training
  /// fails.
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// What a monitor reads, whatever the answer says.
  static void readPages(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String page : List.of("healthz", "readyz", "metrics")) {
        URI address = URI.create("http://127.0.0.1:" + port + "/" + page);
        client.send(
            HttpRequest.newBuilder(address).timeout(Trainee.PATIENCE).build(),
            HttpResponse.BodyHandlers.discarding());
      }
    }
  }
}
