package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one request has to know of HTTP and of API servers.
@Timeout(60)
class ApiRequestsTest {
  private static final String PATH = "/api/v1/namespaces/a";
  private static final Mapping OBJECT = new MappingBuilder().put("kind", "Namespace").build();

  @TempDir private Path directory;

  @Test
  void whatTheServerSaysOfARefusal() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) ->
                ScriptedApi.answer(
                    exchange,
                    403,
                    """
                    {"kind": "Status", "status": "Failure", "message": "it is being terminated",
                     "reason": "Forbidden", "code": 403,
                     "details": {"causes": [{"reason": "NamespaceTerminating"}]}}
                    """));
        ClusterConnection connection = api.connect(directory)) {
      ApiFailure failure =
          catchThrowableOfType(
              ApiFailure.class, () -> connection.create("/api/v1/x", OBJECT, "create an Event"));
      assertThat(failure)
          .hasMessage(
              "the API server at " + api.url() + "/: create an Event: it is being terminated");
      assertThat(failure.code()).isEqualTo(403);
      assertThat(failure.words()).isEqualTo("it is being terminated");
      assertThat(failure.isFor("Forbidden")).isTrue();
      assertThat(failure.isFor("NamespaceTerminating")).isTrue();
      assertThat(failure.isFor("Conflict")).isFalse();
    }
  }

  /// What stands before an API server speaks to people.
  @Test
  void anAnswerThatIsNoStatusIsARefusalAllTheSame() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi(
                (exchange, _) -> ScriptedApi.answer(exchange, 403, "<html>no entry</html>"));
        ClusterConnection connection = api.connect(directory)) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .hasMessageEndingWith(": GET it: HTTP 403");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"a\": 1, \"a\": 2}"})
  void anAnswerThatCannotBeReadIsNone(String body) throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) -> ScriptedApi.answer(exchange, 200, body));
        ClusterConnection connection = api.connect(directory)) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .isInstanceOf(ApiFailure.class)
          .hasMessageContaining("GET it: the answer ");
    }
  }

  /// Nobody needs them, and they may be larger than all else.
  @Test
  void managedFieldsAreNotTakenIn() throws Exception {
    String fields = "{\"f:a\": {}, \"f:" + "b".repeat(60_000) + "\": {}}";
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) ->
                ScriptedApi.answer(
                    exchange,
                    200,
                    "{\"metadata\": {\"managedFields\": [" + fields + "], \"name\": \"a\"}}"));
        ClusterConnection connection = api.connect(directory)) {
      assertThat(connection.get(PATH, "GET it"))
          .isNotNull()
          .extracting(JsonWriter::compact)
          .isEqualTo("{\"metadata\":{\"name\":\"a\"}}");
    }
  }

  @Test
  void whatIsNotThereIsNoFailure() throws Exception {
    try (ScriptedApi api = new ScriptedApi((exchange, _) -> ScriptedApi.answer(exchange, 404, ""));
        ClusterConnection connection = api.connect(directory)) {
      assertThat(connection.get(PATH, "GET it")).isNull();
      assertThatThrownBy(() -> connection.patch(PATH, PatchKind.MERGE, OBJECT, "change it"))
          .isInstanceOfSatisfying(
              ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(404));
    }
  }

  @Test
  void eachKindOfChangeIsNamed() throws Exception {
    List<String> came = new CopyOnWriteArrayList<>();
    try (ScriptedApi api =
            new ScriptedApi((exchange, asked) -> {
              came.add(
                  asked
                      + " "
                      + exchange.getRequestHeaders().get("Content-Type")
                      + " "
                      + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
              ScriptedApi.answer(exchange, 200, "{}");
            });
        ClusterConnection connection = api.connect(directory)) {
      connection.patch(PATH, PatchKind.MERGE, OBJECT, "change it");
      connection.patch(PATH, PatchKind.JSON, new Sequence(Position.NONE, List.of()), "change it");
      var _ = connection.create("/api/v1/namespaces", OBJECT, "create it");
      connection.delete(PATH + "?gracePeriodSeconds=0", "delete it");
    }
    assertThat(came)
        .containsExactly(
            "PATCH " + PATH + " [application/merge-patch+json] {\"kind\":\"Namespace\"}",
            "PATCH " + PATH + " [application/json-patch+json] []",
            "POST /api/v1/namespaces [application/json] {\"kind\":\"Namespace\"}",
            "DELETE " + PATH + "?gracePeriodSeconds=0 null ");
  }

  /// Of a busy API server, and of one behind a balancer that has just lost it.
  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void oneThatIsBusyIsAskedOnceMore(int code) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) ->
                ScriptedApi.answer(exchange, requests.getAndIncrement() == 0 ? code : 200, "{}"));
        ClusterConnection connection = api.connect(directory)) {
      assertThat(connection.get(PATH, "GET it")).isNotNull();
      assertThat(requests).hasValue(2);
    }
  }

  @Test
  void oneThatStaysBusyIsLeftInPeace() throws Exception {
    try (ScriptedApi api = new ScriptedApi((exchange, _) -> ScriptedApi.answer(exchange, 503, ""));
        ClusterConnection connection = api.connect(directory)) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it")).hasMessageEndingWith("HTTP 503");
      assertThat(api.asked()).hasSize(2);
    }
  }

  /// API servers close connections that were idle, also just when a request is on its way.
  @Test
  void aKeptConnectionThatTheServerHasClosedIsTakenForNoFailure() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket server =
            raw(socket -> {
              connections.incrementAndGet();
              request(socket.getInputStream());
              write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
              // The next request comes, and the connection ends without an answer.
              request(socket.getInputStream());
            });
        ClusterConnection connection = connect(server)) {
      for (int i = 0; i < 3; i++) {
        assertThat(connection.create("/api/v1/x", OBJECT, "create it")).isNotNull();
      }
      assertThat(connections).hasValue(3);
    }
  }

  /// The JDK's time ends with the head of an answer.
  @Test
  void aBodyThatStandsStillEndsInTime() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (ServerSocket server =
            raw(socket -> {
              request(socket.getInputStream());
              write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{");
              if (socket.getInputStream().read() < 0) {
                ended.countDown();
              }
            });
        ClusterConnection connection = connect(server)) {
      long begin = System.nanoTime();
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .hasMessageEndingWith("GET it: it did not answer within 4 s");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(3_900), Duration.ofSeconds(8));
      assertThat(ended.await(5, TimeUnit.SECONDS)).as("the connection has ended").isTrue();
    }
  }

  /// Five hundred pods have ten megabytes, which take a line of 20 Mbit/s as long.
  @Test
  void aListForAPersonMayTakeLonger() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) -> {
              ScriptedApi.tell(exchange, "{");
              Thread.sleep(4_500);
              ScriptedApi.tell(exchange, "}");
            });
        ClusterConnection connection = api.connect(directory)) {
      assertThat(connection.get(PATH, "GET it", ClusterConnection.LIST)).isNotNull();
    }
  }

  @Test
  void oneThatSaysNothingIsNotWaitedForLonger() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket server =
            raw(socket -> {
              connections.incrementAndGet();
              while (socket.getInputStream().read() >= 0) {
                // It takes all in.
              }
            });
        ClusterConnection connection = connect(server)) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .hasMessageEndingWith("GET it: it did not answer within 4 s");
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void anAnswerThatDoesNotEndIsNotTakenIn() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) -> {
              while (true) {
                ScriptedApi.tell(exchange, " ".repeat(65_536));
              }
            });
        ClusterConnection connection = api.connect(directory)) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .hasMessageEndingWith("GET it: the answer is larger than 10485760 bytes");
      assertThat(api.asked()).hasSize(1);
    }
  }

  /// Kubelets renew the tokens of pods, and plugins those of people.
  @Test
  void aTokenThatTheServerDoesNotKnowAnyMoreIsReadAnew() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "old\n");
    List<String> came = new CopyOnWriteArrayList<>();
    try (ScriptedApi api =
        new ScriptedApi((exchange, _) -> {
          String header = exchange.getRequestHeaders().getFirst("Authorization");
          came.add(header);
          ScriptedApi.answer(exchange, header.equals("Bearer new") ? 200 : 401, "{}");
        })) {
      try (ClusterConnection connection =
          ClusterConnection.open(
              ScriptedApi.kubeconfig(directory, api.url(), "tokenFile: token, token: none"))) {
        assertThatThrownBy(() -> connection.get(PATH, "GET it")).hasMessageEndingWith("HTTP 401");
        Files.writeString(token, "new\n");
        assertThat(connection.get(PATH, "GET it")).isNotNull();
        assertThat(connection.get(PATH, "GET it")).isNotNull();
      }
    }
    assertThat(came).containsExactly("Bearer old", "Bearer old", "Bearer new", "Bearer new");
  }

  @Test
  void whoHasANameAndAPassword() throws Exception {
    List<String> came = new CopyOnWriteArrayList<>();
    try (ScriptedApi api =
        new ScriptedApi((exchange, _) -> {
          came.add(exchange.getRequestHeaders().getFirst("Authorization"));
          ScriptedApi.answer(exchange, 200, "{}");
        })) {
      try (ClusterConnection connection =
          ClusterConnection.open(
              ScriptedApi.kubeconfig(directory, api.url(), "username: a, password: b"))) {
        var _ = connection.get(PATH, "GET it");
      }
    }
    assertThat(came).containsExactly("Basic YTpi");
  }

  /// As platforms have it that serve many clusters at one address.
  @Test
  void aServerMayBeBelowAPath() throws Exception {
    try (ScriptedApi api =
            new ScriptedApi((exchange, _) -> ScriptedApi.answer(exchange, 200, "{}"));
        ClusterConnection connection =
            ClusterConnection.open(
                ScriptedApi.kubeconfig(directory, api.url() + "/k8s/c-1", "token: t"))) {
      var _ = connection.get(PATH, "GET it");
      assertThat(api.asked()).containsExactly("GET /k8s/c-1" + PATH);
    }
  }

  /// No name can become another path or a query.
  @Test
  void namesAreEncoded() {
    ApiCollection pods = ApiCollection.of("/api/v1", "a/b", "pods");
    assertThat(pods.item("c d?e+f")).isEqualTo("/api/v1/namespaces/a%2Fb/pods/c%20d%3Fe%2Bf");
    assertThat(pods.withLabels("x=y").withFields("a!=b").query())
        .isEqualTo("labelSelector=x%3Dy&fieldSelector=a%21%3Db");
  }

  /// Speaks on a connection, which ends after that.
  private interface Speaker {
    void speak(Socket socket) throws IOException;
  }

  private static ServerSocket raw(Speaker speaker) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (socket) {
                      speaker.speak(socket);
                    } catch (IOException gone) {
                      // As clients go.
                    }
                  });
            } catch (IOException closed) {
              return;
            }
          }
        });
    return server;
  }

  private ClusterConnection connect(ServerSocket server) throws IOException {
    return ClusterConnection.open(
        ScriptedApi.kubeconfig(directory, "http://127.0.0.1:" + server.getLocalPort(), "token: t"));
  }

  /// Reads the head of a request, and its body where it is as long as the test's object.
  private static void request(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    if (head.toString().startsWith("POST")) {
      var _ = in.readNBytes("{\"kind\":\"Namespace\"}".length());
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }
}
