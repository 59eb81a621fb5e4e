package dev.portcullis.node.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.node.health.HealthEndpoint.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {
  private final HealthEndpoint endpoint = endpoint(0);

  private static HealthEndpoint endpoint(int port) {
    return new HealthEndpoint(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Map.of("/x", () -> Page.text(200, "well")));
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static String exchange(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  /// In the time that the module's pom.xml gives.
  @Test
  void whoDoesNotFinishItsRequestIsHungUpOn() throws Exception {
    endpoint.listen();
    try (Socket slow = connect();
        Socket quick = connect()) {
      assertThat(exchange(slow, "GET /x HTTP/1.1\r\nHost: ")).doesNotContain("well");
      assertThat(exchange(quick, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
          .contains("200 OK", "well");
    }
  }

  @Test
  void connectionsAreCounted() throws Exception {
    endpoint.listen();
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 80; i++) {
        open.add(connect());
      }
      // One above the bound is closed without a word.
      assertThat(open.getLast().getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aPortThatIsTakenMayBecomeFree() throws Exception {
    ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (HealthEndpoint late = endpoint(taken.getLocalPort())) {
      assertThatThrownBy(late::listen).hasMessageContaining("cannot listen on");
      taken.close();
      late.listen();
      assertThat(late.address().getPort()).isEqualTo(taken.getLocalPort());
    } finally {
      taken.close();
    }
  }
}
