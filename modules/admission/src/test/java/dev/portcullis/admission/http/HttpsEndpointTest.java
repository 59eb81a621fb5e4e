package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an endpoint says to good and bad requests, asked by the JDK's client and over bare sockets.
class HttpsEndpointTest {
  private static final int MIB = 1024 * 1024;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        new TestServer(
            TestServer.OPTIONS,
            Map.of(
                "/healthz",
                Route.page(_ -> Response.text(200, "ok")),
                "/validate",
                Route.question(
                    request -> Response.text(200, request.query() + " " + request.body().length)),
                "/bug",
                Route.question(_ -> {
                  throw new IllegalStateException("the secret reason");
                })));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersPagesAndQuestionsWithAndWithoutAQuery() throws Exception {
    HttpResponse<String> page = server.get("/healthz");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("ok\n");
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(server.ask("/validate", new byte[17]).body()).isEqualTo(" 17\n");
    assertThat(server.ask("/validate?timeout=5s", new byte[0]).body()).isEqualTo("timeout=5s 0\n");
  }

  @Test
  void everyLengthOfABodyUpToTheLimitArrivesWhole() throws Exception {
    for (int length :
        List.of(
            1,
            ConcurrencyLimits.LARGE - 1,
            ConcurrencyLimits.LARGE,
            ConcurrencyLimits.LARGE + 1,
            3 * MIB)) {
      byte[] body = new byte[length];
      assertThat(server.ask("/validate", body).body()).isEqualTo(" " + length + "\n");
      assertThat(inChunks(length).body()).isEqualTo(" " + length + "\n");
    }
  }

  @Test
  void aBodyAboveTheLimitIsRefusedInBothFramings() throws Exception {
    assertThat(server.ask("/validate", new byte[3 * MIB + 1]).statusCode()).isEqualTo(413);
    assertThat(inChunks(3 * MIB + 1).statusCode()).isEqualTo(413);
  }

  @Test
  void aClientThatSendsFiftyMegabytesSeesTheRefusalAndIsNotReadToTheEnd() throws Exception {
    try (SSLSocket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      write(out, head("POST", "/validate", "Content-Length: " + 50 * MIB));
      byte[] piece = new byte[MIB];
      AtomicInteger taken = new AtomicInteger();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (taken.get() < 50) {
                    out.write(piece);
                    taken.incrementAndGet();
                  }
                } catch (IOException e) {
                  // Hung up, as it should be.
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").contains("larger than 3145728");
      assertThat(sender.join(Duration.ofMinutes(1))).isTrue();
      assertThat(taken.get()).isLessThan(30);
    }
  }

  private HttpResponse<String> inChunks(int length) throws Exception {
    return server.client.send(
        server
            .request("/validate")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[length])))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void theWrongPathMethodOrTypeIsNamed() throws Exception {
    assertThat(server.get("/").statusCode()).isEqualTo(404);
    assertThat(server.get("/healthz/").statusCode()).isEqualTo(404);
    assertThat(server.ask("/Validate", new byte[9]).statusCode()).isEqualTo(404);
    HttpResponse<String> get = server.get("/validate");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    assertThat(server.ask("/healthz", new byte[9]).headers().firstValue("Allow")).hasValue("GET");
    var head = server.request("/healthz").method("HEAD", BodyPublishers.noBody()).build();
    assertThat(server.client.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void onlyJsonIsTaken() throws Exception {
    assertThat(typed("application/json; charset=utf-8")).isEqualTo(200);
    assertThat(typed("Application/JSON")).isEqualTo(200);
    assertThat(typed("application/jsonx")).isEqualTo(415);
    assertThat(typed("text/plain")).isEqualTo(415);
    var untyped = server.request("/validate").POST(BodyPublishers.ofString("{}")).build();
    assertThat(server.client.send(untyped, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
  }

  /// The next request on such a connection would be lost where it came with the rest of this one.
  @Test
  void aConnectionEndsWithAnAnswerThatDidNotWaitForTheBody() throws Exception {
    for (String path : List.of("/nowhere", "/healthz")) {
      assertThat(server.ask(path, new byte[9]).headers().firstValue("Connection"))
          .as(path)
          .hasValue("close");
    }
    for (int i = 0; i < 100; i++) {
      assertThat(typed("text/plain")).isEqualTo(415);
    }
    assertThat(server.ask("/validate", new byte[9]).headers().firstValue("Connection")).isEmpty();
  }

  private int typed(String type) throws Exception {
    return server
        .client
        .send(
            server
                .request("/validate")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aBugIsLoggedOnceAndTellsTheClientNothing() throws Exception {
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(RequestRouter.class.getName());
    Handler recorder = recorder(logged);
    logger.addHandler(recorder);
    logger.setUseParentHandlers(false);
    try {
      HttpResponse<String> answer = server.ask("/bug", new byte[2]);
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("secret", "IllegalState", "at dev.");
    } finally {
      logger.removeHandler(recorder);
      logger.setUseParentHandlers(true);
    }
    assertThat(logged).hasSize(1);
    assertThat(logged.getFirst().getMessage()).contains("/bug");
    assertThat(logged.getFirst().getThrown()).hasMessage("the secret reason");
  }

  private static Handler recorder(List<LogRecord> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        logged.add(record);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void oneConnectionServesMany() throws Exception {
    try (SSLSocket socket = server.connect()) {
      for (int i = 0; i < 3; i++) {
        write(socket.getOutputStream(), head("POST", "/validate", "Content-Length: 2") + "{}");
        assertThat(readAnswer(socket.getInputStream()))
            .startsWith("HTTP/1.1 200 ")
            .endsWith(" 2\n");
      }
    }
  }

  @Test
  void whatComesBeforeItsTurnIsAnsweredInTurn() throws Exception {
    try (SSLSocket socket = server.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 1; i <= 50; i++) {
        all.append(head("POST", "/validate?n=" + i, "Content-Length: " + i)).append(" ".repeat(i));
      }
      write(socket.getOutputStream(), all + head("GET", "/nowhere", "X: y"));
      for (int i = 1; i <= 50; i++) {
        assertThat(readAnswer(socket.getInputStream())).endsWith("\r\n\r\nn=" + i + " " + i + "\n");
      }
      assertThat(readAll(socket)).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void whoAsksWhetherToSendABodyIsTold() throws Exception {
    try (SSLSocket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      write(out, head("POST", "/validate", "Content-Length: 2", "Expect: 100-continue"));
      byte[] told = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      assertThat(new String(told, US_ASCII)).startsWith("HTTP/1.1 100 ");
      write(out, "{}");
      assertThat(readAnswer(socket.getInputStream())).endsWith(" 2\n");
      write(out, head("POST", "/validate", "Content-Length: 4000000", "Expect: 100-continue"));
      assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void anOldClientIsAnsweredOnce() throws Exception {
    try (SSLSocket socket = server.connect()) {
      write(socket.getOutputStream(), "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(readAll(socket)).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
    }
  }

  @Test
  void aServerInTheRequestLineIsLeftOut() throws Exception {
    try (SSLSocket socket = server.connect()) {
      write(
          socket.getOutputStream(),
          head("POST", "https://localhost/validate?timeout=5s", "Content-Length: 2") + "{}");
      assertThat(readAnswer(socket.getInputStream())).endsWith("timeout=5s 2\n");
    }
  }

  @Test
  void aHeadWithTooManyLinesIsRefusedAndEndsTheConnection() throws Exception {
    try (SSLSocket socket = server.connect()) {
      write(socket.getOutputStream(), "GET /healthz HTTP/1.1\r\n" + "a:\r\n".repeat(64) + "\r\n");
      assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
      write(socket.getOutputStream(), "GET /healthz HTTP/1.1\r\n" + "a:\r\n".repeat(65) + "\r\n");
      assertThat(readAll(socket)).startsWith("HTTP/1.1 400 ").contains("connection: close");
    }
  }

  /// Nothing that follows it would be understood.
  @Test
  void aBrokenChunkEndsTheConnection() throws Exception {
    try (SSLSocket socket = server.connect()) {
      write(
          socket.getOutputStream(),
          head("POST", "/validate", "Transfer-Encoding: chunked") + "zz\r\n");
      assertThat(readAll(socket)).startsWith("HTTP/1.1 400 ").contains("connection: close");
    }
  }

  @Test
  void aPageIsAskedForWithoutABody() throws Exception {
    for (String body : List.of("Content-Length: 3145728", "Transfer-Encoding: chunked")) {
      try (SSLSocket socket = server.connect()) {
        write(socket.getOutputStream(), head("GET", "/healthz", "Content-Length: 0"));
        assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        write(socket.getOutputStream(), head("GET", "/healthz", body));
        assertThat(readAnswer(socket.getInputStream()))
            .startsWith("HTTP/1.1 413 ")
            .contains("connection: close", "without a body");
      }
    }
  }

  @Test
  void whatIsNotHttpGetsNoAnswerThatHelps() throws Exception {
    for (String broken :
        List.of(
            "POST /validate\r\n\r\n",
            "\u0000\u0001\u0002 \r\n\r\n",
            head("POST", "/validate", "Content-Length: -1"),
            // Right as chunks, where the length did not count.
            head("POST", "/validate", "Content-Length: 2", "Transfer-Encoding: chunked")
                + "2\r\n{}\r\n0\r\n\r\n",
            head("POST", "/validate", "Transfer-Encoding: gzip, chunked") + "2\r\n{}\r\n0\r\n\r\n",
            head("POST", "/validate", "Content-Length: 2", "Content-Length: 3") + "{}",
            head("POST", "/validate", "Transfer-Encoding: gzip"),
            head("POST", "/validate", "Transfer-Encoding: chunked") + "zz\r\n",
            head("POST", "/validate", "X: " + "a".repeat(20_000)),
            head("GET", "mailto:x", "X: y"))) {
      try (SSLSocket socket = server.connect()) {
        write(socket.getOutputStream(), broken);
        assertThat(readAll(socket)).doesNotContain("HTTP/1.1 2", "HTTP/1.1 500");
      }
    }
    assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
  }

  /// Those of an API server stay with it whatever the Service says: only an answer ends them
  /// without a loss.
  @Test
  void drainingEndsEachConnectionWithItsNextAnswer() throws Exception {
    try (TestServer own =
            new TestServer(
                TestServer.OPTIONS,
                Map.of("/validate", Route.question(_ -> Response.text(200, "yes"))));
        SSLSocket kept = own.connect();
        SSLSocket idle = own.connect()) {
      String request = head("POST", "/validate", "Content-Length: 2") + "{}";
      assertThat(own.ask(kept, request)).doesNotContainIgnoringCase("connection:");
      own.endpoint.drain();
      for (SSLSocket each : List.of(kept, idle, own.connect())) {
        write(each.getOutputStream(), request);
        assertThat(readAll(each))
            .startsWith("HTTP/1.1 200 ")
            .containsIgnoringCase("\r\nconnection: close\r\n")
            .endsWith("yes\n");
      }
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    Options taken =
        Options.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.endpoint.port()));
    assertThatThrownBy(() -> HttpsEndpoint.start(taken, () -> null, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(":" + server.endpoint.port())
        .hasMessageContaining("--listen");
  }

  static String head(String method, String path, String... headers) {
    String lines = String.join("\r\n", headers);
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + lines
        + "\r\n\r\n";
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
    out.flush();
  }

  /// What comes until the end, or until the connection breaks. That nothing ends it is a failure.
  static String readAll(SSLSocket socket) {
    StringBuilder all = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.append((char) b);
      }
    } catch (SocketTimeoutException open) {
      throw new AssertionError("the connection is still open after: " + all, open);
    } catch (IOException e) {
      all.append("<").append(e.getMessage()).append(">");
    }
    return all.toString();
  }

  /// One answer with a Content-Length, of a connection that stays.
  static String readAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return head + "<end>";
      }
      head.append((char) b);
    }
    String lengthOf = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
    return head + new String(in.readNBytes(Integer.parseInt(lengthOf)), UTF_8);
  }
}
