package dev.portcullis.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an API server is asked for when a recording ends, and what becomes of its answers.
class ProposalPublisherTest {
  private static final Proposal PROPOSAL =
      new Proposal("shop", "web.1", "uid", 1, "app", "busybox:1", "{\"p\": 1}", "{\"r\": 1}");

  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int remaining;
  private volatile boolean forbidden;
  private HttpServer server;
  private ProposalPublisher publisher;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String method = exchange.getRequestMethod();
            asked.add(method + " " + exchange.getRequestURI() + " " + body);
            int code =
                forbidden ? 403 : method.equals("PATCH") ? 404 : method.equals("POST") ? 201 : 200;
            byte[] answer =
                (code == 201
                        ? body
                        : code == 200
                            ? """
                            {"kind": "ConfigMapList", "apiVersion": "v1",
                             "metadata": {"remainingItemCount": %d},
                             "items": [{"kind": "ConfigMap", "apiVersion": "v1",
                                        "metadata": {"name": "one"}}]}
                            """
                                .formatted(remaining)
                            : """
                            {"kind": "Status", "apiVersion": "v1", "status": "Failure",
                             "code": %d, "message": "no"}
                            """
                                .formatted(code))
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    Path kubeconfig =
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
                .formatted(server.getAddress().getPort()));
    publisher =
        new ProposalPublisher(
            new DistributionOptions("profiles", kubeconfig, "worker", null), "recordings");
  }

  @AfterEach
  void end() {
    publisher.close();
    server.stop(0);
  }

  private List<String> creations() {
    return asked.stream().filter(line -> line.startsWith("POST")).toList();
  }

  private int counts() {
    return asked.stream().filter(line -> line.startsWith("GET")).toList().size();
  }

  @Test
  void itIsAConfigMapWithoutALabel() throws Exception {
    publisher.publish(PROPOSAL);
    Wait.until("it is written", () -> !creations().isEmpty());
    assertThat(creations())
        .singleElement()
        .asString()
        .contains("/api/v1/namespaces/recordings/configmaps")
        .contains("\"name\":\"web-1-app-")
        .contains("\"portcullis.dev/recorded-pod\":\"shop/web.1\"")
        .contains("\"portcullis.dev/recorded-node\":\"worker\"")
        .contains("\"profile.json\":", "\"recording.json\":")
        .doesNotContain("labels");
  }

  @Test
  void aNamespaceThatIsFullGetsNoMore() throws Exception {
    remaining = 199;
    publisher.publish(PROPOSAL);
    Wait.until("it is counted", () -> counts() == 1);
    publisher.publish(PROPOSAL);
    Wait.until("it is counted again", () -> counts() == 2);
    assertThat(creations()).isEmpty();
    remaining = 198;
    publisher.publish(PROPOSAL);
    Wait.until("all are written", () -> creations().size() == 3);
  }

  @Test
  void whatMayNotBeWrittenWaits() throws Exception {
    forbidden = true;
    publisher.publish(PROPOSAL);
    Wait.until("it is tried", () -> !asked.isEmpty());
    forbidden = false;
    publisher.publish(PROPOSAL);
    Wait.until("both are written", () -> creations().size() == 2);
  }
}
