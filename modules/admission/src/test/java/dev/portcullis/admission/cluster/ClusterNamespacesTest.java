package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An API server that has listed two namespaces, and then takes the right to read one away.
@Timeout(180)
class ClusterNamespacesTest {
  private static final String GOING =
      """
      {"metadata": {"name": "going", "resourceVersion": "1",
                    "deletionTimestamp": "2026-01-01T00:00:00Z",
                    "labels": {"portcullis.dev/mode": "warn"}}}\
      """;
  private static final String STAYING =
      """
      {"metadata": {"name": "staying", "resourceVersion": "1",
                    "labels": {"portcullis.dev/mode": ""}}}\
      """;
  private static final String LIST =
      """
      {"apiVersion": "v1", "kind": "NamespaceList", "metadata": {"resourceVersion": "1"},
       "items": [%s, %s]}\
      """
          .formatted(GOING, STAYING);

  /// Where nothing more is told, and the test would only wait.
  private static final Duration SOON = Duration.ofMillis(100);

  @TempDir private Path directory;

  /// What the watch tells, line by line; nothing more after an empty one.
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /// What the server answers when a namespace is asked for; 200 for what there is.
  private volatile int status = 200;

  private LoopbackApi api;
  private @Nullable ClusterNamespaces followed;

  @BeforeEach
  void start() throws Exception {
    api = LoopbackApi.start(directory, this::answer);
  }

  private ClusterNamespaces follow(Duration latestWord) throws Exception {
    ClusterNamespaces namespaces = ClusterNamespaces.follow(api.connection(), latestWord);
    followed = namespaces;
    Wait.until("the first list", namespaces::synced);
    return namespaces;
  }

  @AfterEach
  void stop() {
    events.add("");
    if (followed != null) {
      followed.close();
    }
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getQuery();
      String path = exchange.getRequestURI().getPath();
      if (query != null && query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        for (String event = events.take(); !event.isEmpty(); event = events.take()) {
          exchange.getResponseBody().write(event.getBytes(UTF_8));
          exchange.getResponseBody().flush();
        }
        return;
      }
      String found =
          switch (path) {
            case "/api/v1/namespaces" -> LIST;
            case "/api/v1/namespaces/going" -> GOING;
            case "/api/v1/namespaces/staying" -> STAYING;
            case "/api/v1/namespaces/other" -> "{}";
            default -> null;
          };
      byte[] body = found == null || status != 200 ? new byte[0] : found.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(
          status != 200 ? status : found == null ? 404 : 200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsSeenToGoGoesWhenNobodyMayAskAnyMore() throws Exception {
    ClusterNamespaces namespaces = follow(SOON);
    assertThat(namespaces.isGoing("going")).isTrue();
    assertThat(namespaces.isGoing("staying")).isFalse();
    assertThat(namespaces.isGoing("absent")).isTrue();
    status = 403;
    assertThat(namespaces.isGoing("going")).isTrue();
    for (String name : new String[] {"staying", "absent"}) {
      assertThatThrownBy(() -> namespaces.isGoing(name))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("GET namespace \"" + name + "\"");
    }
  }

  /// Else it would be of the mode of those without a label.
  @Test
  void whatIsNoNamespaceSaysNothingOfOne() throws Exception {
    ClusterNamespaces namespaces = follow(SOON);
    assertThatThrownBy(() -> namespaces.modeLabel("other"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("GET namespace \"other\": the answer is something else");
    assertThatThrownBy(() -> namespaces.isGoing("other")).isInstanceOf(IOException.class);
  }

  /// Only what our rights have become says that what the watch told is the last word.
  @Test
  void anotherFailureIsNoWordAboutANamespace() throws Exception {
    ClusterNamespaces namespaces = follow(SOON);
    status = 400;
    assertThatThrownBy(() -> namespaces.isGoing("going"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("GET namespace \"going\"");
  }

  /// The account may be gone before its rights are.
  @Test
  void whoIsNobodyAnyMoreIsRefusedToo() throws Exception {
    ClusterNamespaces namespaces = follow(SOON);
    status = 401;
    assertThat(namespaces.isGoing("going")).isTrue();
  }

  /// As `kubectl delete -f` does it: the namespace, the right to ask, and what we are asked about.
  @Test
  void theWordOfTheWatchMayComeAMomentLater() throws Exception {
    ClusterNamespaces namespaces = follow(Duration.ofMinutes(1));
    status = 403;
    FutureTask<Boolean> asked = new FutureTask<>(() -> namespaces.isGoing("staying"));
    Thread asking = Thread.ofPlatform().daemon().start(asked);
    Wait.until(
        "it waits for the watch",
        () ->
            asking.getState() == Thread.State.TIMED_WAITING
                && Arrays.stream(asking.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("isSeenToGo")));
    events.add(
        """
        {"type": "MODIFIED", "object": {"apiVersion": "v1", "kind": "Namespace", "metadata":
          {"name": "staying", "resourceVersion": "2", "deletionTimestamp": "2026-01-01T00:00:00Z"}}}
        """
                .replaceAll("\\s+", " ")
            + "\n");
    assertThat(asked.get()).isTrue();
  }

  @Test
  void theLabelIsWhatWasSeenAndElseIsAskedFor() throws Exception {
    ClusterNamespaces namespaces = follow(SOON);
    assertThat(namespaces.modeLabel("going")).isEqualTo("warn");
    // No mode has this name, so it is an error and not the cluster's mode.
    assertThat(namespaces.modeLabel("staying")).isEqualTo(" ");
    assertThat(namespaces.modeLabel("absent")).isNull();
    status = 403;
    assertThat(namespaces.modeLabel("going")).isEqualTo("warn");
    assertThatThrownBy(() -> namespaces.modeLabel("absent")).isInstanceOf(IOException.class);
  }
}
