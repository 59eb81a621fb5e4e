package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigurationWatchTest {
  private static final String API = "/apis/admissionregistration.k8s.io/v1/";

  @TempDir private Path directory;

  private final CountDownLatch applied = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private static String configuration(String version) {
    return """
    {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
     "metadata": {"name": "portcullis", "resourceVersion": "%s"}, "webhooks": []}\
    """
        .formatted(version)
        .replace("\n", "");
  }

  /// Has one of them, which is written anew when a test says so.
  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    asked.add(exchange.getRequestURI().getPath() + "?" + query);
    boolean mutating = exchange.getRequestURI().getPath().contains("/mutating");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try (exchange) {
      if (query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        applied.await();
        if (mutating) {
          exchange
              .getResponseBody()
              .write(
                  "{\"type\": \"MODIFIED\", \"object\": %s}\n"
                      .formatted(configuration("2"))
                      .getBytes(UTF_8));
          exchange.getResponseBody().flush();
        }
        over.await();
        return;
      }
      byte[] list =
          """
          {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "List",
           "metadata": {"resourceVersion": "1"}, "items": [%s]}\
          """
              .formatted(mutating ? configuration("1") : "")
              .getBytes(UTF_8);
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// Of no other object, which its role has no right to see.
  @Test
  void itTellsOfAConfigurationThatIsWrittenAnew() throws Exception {
    AtomicInteger changes = new AtomicInteger();
    try (LoopbackApi api = LoopbackApi.start(directory, this::answer);
        ConfigurationWatch _ =
            ConfigurationWatch.start(api.connection(), changes::incrementAndGet)) {
      Wait.until("the first list", () -> changes.get() == 1);
      Wait.until(
          "both watches",
          () ->
              asked.stream().anyMatch(it -> it.contains("/mutating") && it.contains("watch=true"))
                  && asked.stream()
                      .anyMatch(it -> it.contains("/validating") && it.contains("watch=true")));
      applied.countDown();
      Wait.until("the change", () -> changes.get() == 2);
      assertThat(asked)
          .allMatch(it -> it.startsWith(API))
          .allMatch(it -> it.contains("fieldSelector=metadata.name=portcullis"));
    } finally {
      over.countDown();
    }
  }
}
