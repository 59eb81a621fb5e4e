package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectListTest {
  @TempDir private Path directory;
  private final AtomicInteger forgets = new AtomicInteger();

  /// Nodes in two pages, of which the server forgets the second one some times.
  private void answer(HttpExchange exchange) throws IOException {
    boolean second = exchange.getRequestURI().getQuery().contains("continue=");
    boolean gone = second && forgets.getAndDecrement() > 0;
    String text =
        """
        {"kind": "NodeList", "apiVersion": "v1", "metadata": {"continue": "%s"},
         "items": [{"metadata": {"name": "%s"}}]}
        """
            .formatted(second ? "" : "more", second ? "two" : "one");
    byte[] body = (gone ? "{}" : text).getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(gone ? 410 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void aListThatTheServerForgetsIsBegunAgain() throws Exception {
    forgets.set(2);
    try (LoopbackApi api = LoopbackApi.start(directory, this::answer)) {
      assertThat(ClusterObjects.nodes(api.connection())).hasSize(2);
      forgets.set(3);
      assertThatThrownBy(() -> ClusterObjects.nodes(api.connection()))
          .hasMessageContaining("HTTP 410");
    }
  }
}
