package dev.portcullis.admission.http;

import static dev.portcullis.admission.http.HttpsEndpointTest.head;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAnswer;
import static dev.portcullis.admission.http.HttpsEndpointTest.write;
import static dev.portcullis.admission.http.TestServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client that hangs up before it is answered: it has no place any more, and so it may not keep
/// anything else.
@Timeout(60)
class GoneClientTest {
  private static final String FIRST = "first";
  private static final Duration LONG = Duration.ofSeconds(30);

  /// One at a time, and nobody is turned away meanwhile.
  private static final Options ONE =
      new Options(
          OPTIONS.listen(),
          1,
          LONG,
          OPTIONS.connections(),
          OPTIONS.connectionsOfAddress(),
          LONG,
          LONG,
          LONG,
          null);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> interrupted = new CopyOnWriteArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private Response answer(Request request) {
    asked.add(request.query());
    if (request.query().equals(FIRST)) {
      begun.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        interrupted.add(request.query());
      }
      done.countDown();
    }
    return Response.text(200, "ok");
  }

  private TestServer server() throws Exception {
    return new TestServer(
        ONE,
        Map.of(
            "/validate",
            Route.question(this::answer),
            "/healthz",
            Route.page(_ -> Response.text(200, "ok"))));
  }

  /// Asks, with nothing unread: that would turn the end of the connection into a reset.
  private static SSLSocket ask(TestServer server, String query) throws Exception {
    SSLSocket socket = server.connect();
    write(socket.getOutputStream(), head("GET", "/healthz", "X: y"));
    assertThat(readAnswer(socket.getInputStream())).endsWith("ok\n");
    write(socket.getOutputStream(), head("POST", "/validate?" + query, "Content-Length: 2") + "{}");
    return socket;
  }

  private static void awaitConnections(TestServer server, int count) throws Exception {
    for (int i = 0; i < 1_000 && server.endpoint.connections() != count; i++) {
      Thread.sleep(10);
    }
    assertThat(server.endpoint.connections()).isEqualTo(count);
  }

  /// Turns are given in the order of arrival: it would be asked before the last one.
  @Test
  void waitsForNoTurn() throws Exception {
    try (TestServer server = server()) {
      CompletableFuture<HttpResponse<String>> first = server.asking("/validate?" + FIRST);
      begun.await();
      ask(server, "gone").close();
      awaitConnections(server, 1);
      CompletableFuture<HttpResponse<String>> last = server.asking("/validate?last");
      gate.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(last.get().statusCode()).isEqualTo(200);
      assertThat(asked).containsExactly(FIRST, "last");
      assertThat(server.refused).isEmpty();
    }
  }

  /// An API server gives up after some seconds and asks again; what was learnt meanwhile is there
  /// then.
  @Test
  void letsWhatHasBegunGoOn() throws Exception {
    try (TestServer server = server()) {
      SSLSocket gone = ask(server, FIRST);
      begun.await();
      gone.close();
      awaitConnections(server, 0);
      gate.countDown();
      done.await();
      assertThat(server.asking("/validate?last").get().statusCode()).isEqualTo(200);
      assertThat(interrupted).isEmpty();
    }
  }
}
