package dev.portcullis.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an API server is asked for, and what is made of its answers.
class PodWishesTest {
  private static final String RECORD = "\"portcullis.dev/record\": ";

  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private ClusterConnection connection;
  private PodWishes watch;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    connection =
        ClusterConnection.openForMetadata(
            Files.writeString(
                directory.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                """
                    .formatted(server.getAddress().getPort())));
    watch =
        PodWishes.follow(
            connection,
            "node-1",
            new PodWishes.Listener() {
              @Override
              public void wished(PodWish wish) {
                told.add(wish.key() + " " + wish.request());
              }

              @Override
              public void gone(PodWish last) {
                told.add(last.key() + " gone");
              }
            });
  }

  @AfterEach
  void end() {
    watch.close();
    connection.close();
    threads.shutdownNow();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      asked.add(
          exchange.getRequestURI().getPath()
              + "?"
              + exchange.getRequestURI().getQuery()
              + " "
              + exchange.getRequestHeaders().get("Accept"));
      exchange.sendResponseHeaders(200, 0);
      for (String event = events.take(); !event.isEmpty(); event = events.take()) {
        exchange.getResponseBody().write((event + "\n").getBytes(UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// @param annotations of JSON
  private static String event(String type, String kind, String uid, String annotations) {
    return """
    {"type": "%s", "object": {%s, "metadata": {"name": "web", "namespace": "shop", "uid": "%s",
     "resourceVersion": "7", "annotations": {%s}}}}\
    """
        .replace("\n", "")
        .formatted(type, kind, uid, annotations);
  }

  private static String metadata(String type, String uid, String annotations) {
    return event(
        type,
        "\"kind\": \"PartialObjectMetadata\", \"apiVersion\": \"meta.k8s.io/v1\"",
        uid,
        annotations);
  }

  @Test
  void itAsksForTheMetadataOfThePodsOfItsNodeAlone() throws Exception {
    events.add(metadata("ADDED", "uid-1", RECORD + "\"10m\", \"other\": \"x\""));
    Wait.until("it is told", () -> !told.isEmpty());
    assertThat(asked)
        .singleElement()
        .asString()
        .startsWith("/api/v1/pods?")
        .contains("fieldSelector=spec.nodeName=node-1", "watch=true")
        .contains("[application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,");
    events.add(metadata("MODIFIED", "uid-1", "\"other\": \"x\""));
    events.add(metadata("DELETED", "uid-1", "\"other\": \"x\""));
    Wait.until("its end is told", () -> told.size() == 3);
    assertThat(told)
        .containsExactly("shop/web/uid-1 10m", "shop/web/uid-1 null", "shop/web/uid-1 gone");
  }

  /// One that knows no other form.
  @Test
  void aServerThatSendsWholePodsIsUnderstood() throws Exception {
    events.add(
        event(
            "ADDED",
            "\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"spec\": {\"containers\": []}",
            "uid-1",
            RECORD + "\"10m\""));
    Wait.until("it is told", () -> told.equals(List.of("shop/web/uid-1 10m")));
  }

  @Test
  void aMirrorStandsForItsStaticPod() throws Exception {
    events.add(
        metadata(
            "ADDED", "uid-1", "\"kubernetes.io/config.mirror\": \"abc\", " + RECORD + "\"1h\""));
    Wait.until("it is told", () -> told.equals(List.of("shop/web/abc 1h")));
  }

  /// Of many pods, all would be kept.
  @Test
  void aMirrorOfWhatIsNoUidIsNone() throws Exception {
    events.add(
        metadata(
            "ADDED",
            "uid-1",
            "\"kubernetes.io/config.mirror\": \""
                + "a".repeat(100_000)
                + "\", "
                + RECORD
                + "\"1h\""));
    Wait.until("it is told", () -> told.equals(List.of("shop/web/uid-1 1h")));
  }

  @Test
  void whatIsLongerThanAnyDurationIsNotKept() throws Exception {
    events.add(metadata("ADDED", "uid-1", RECORD + "\"" + "9".repeat(100_000) + "\""));
    Wait.until("it is told", () -> !told.isEmpty());
    assertThat(told.getFirst()).hasSizeLessThan(100);
  }
}
