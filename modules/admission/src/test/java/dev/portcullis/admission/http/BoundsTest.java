package dev.portcullis.admission.http;

import static dev.portcullis.admission.http.HttpsEndpointTest.head;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAll;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAnswer;
import static dev.portcullis.admission.http.HttpsEndpointTest.write;
import static dev.portcullis.admission.http.TestServer.HASTY;
import static dev.portcullis.admission.http.TestServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Time, saturation and the end.
@Timeout(180)
class BoundsTest {
  private static final Route HEALTH = Route.page(_ -> Response.text(200, "ok"));
  private static final Route ECHO =
      Route.question(request -> Response.text(200, "" + request.body().length));

  @BeforeAll
  static void warmUp() throws Exception {
    TestServer.warmUp();
  }

  /// A question whose handlers wait until they are let go.
  private static Route held(Semaphore arrived, CountDownLatch gate) {
    return Route.question(_ -> {
      arrived.release();
      try {
        gate.await();
        return Response.text(200, "let go");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    });
  }

  @Test
  void whoSendsTooSlowlyIsHungUpOn() throws Exception {
    String request = head("POST", "/validate", "Content-Length: 20");
    try (TestServer server = new TestServer(HASTY, Map.of("/validate", ECHO));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> hungUp = new ArrayList<>();
      for (String start :
          List.of(request.substring(0, 20), request.substring(0, 60), request, request + "{ ")) {
        hungUp.add(clients.submit(() -> untilHungUp(server, start)));
      }
      // A handshake that does not go on.
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.endpoint.port())) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(22);
        assertThat(socket.getInputStream().read()).isNegative();
      }
      for (Future<Duration> took : hungUp) {
        assertThat(took.get()).isGreaterThanOrEqualTo(HASTY.requestTime());
      }
      assertThat(server.ask("/validate", new byte[20]).statusCode()).isEqualTo(200);
    }
  }

  /// One more byte now and then does not help.
  private static Duration untilHungUp(TestServer server, String start) throws IOException {
    try (SSLSocket socket = server.connect()) {
      long begin = System.nanoTime();
      write(socket.getOutputStream(), start);
      Thread drip =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    Thread.sleep(400);
                    write(socket.getOutputStream(), "x");
                  }
                } catch (IOException | InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(readAll(socket)).doesNotContain("HTTP/1.1 200");
      drip.interrupt();
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  @Test
  void aClientThatReadsNothingDoesNotSwitchTheLimitsOff() throws Exception {
    byte[] page = new byte[200_000];
    Map<String, Route> routes =
        Map.of(
            "/metrics", Route.page(_ -> new Response(200, "text/plain", page)), "/validate", ECHO);
    try (TestServer server = new TestServer(HASTY, routes);
        SSLSocket deaf = server.connect()) {
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 500; i++) {
                    write(deaf.getOutputStream(), head("GET", "/metrics", "X: y"));
                  }
                } catch (IOException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Thread.sleep(500);
      try (SSLSocket slow = server.connect()) {
        write(slow.getOutputStream(), "POST ");
        assertThat(readAll(slow)).doesNotContain("HTTP");
      }
      assertThat(asking.join(Duration.ofMinutes(1))).isTrue();
      assertThat(server.ask("/validate", new byte[20]).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aHandlerThatTakesTooLongIsInterrupted() throws Exception {
    Semaphore arrived = new Semaphore(0);
    Route stuck = held(arrived, new CountDownLatch(1));
    try (TestServer server = new TestServer(HASTY, Map.of("/validate", stuck))) {
      assertThatThrownBy(() -> server.ask("/validate", new byte[2]))
          .isInstanceOf(IOException.class);
      assertThat(arrived.availablePermits()).isPositive();
    }
  }

  @Test
  void aboveTheBoundQuestionsGetA503AndProbesAnAnswer() throws Exception {
    Semaphore arrived = new Semaphore(0);
    CountDownLatch gate = new CountDownLatch(1);
    Map<String, Route> routes = Map.of("/validate", held(arrived, gate), "/healthz", HEALTH);
    try (TestServer server = new TestServer(OPTIONS, routes)) {
      CompletableFuture<HttpResponse<String>> first = server.asking("/validate");
      CompletableFuture<HttpResponse<String>> second = server.asking("/validate");
      arrived.acquire(2);
      HttpResponse<String> third = server.ask("/validate", new byte[2]);
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
      gate.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second.get().statusCode()).isEqualTo(200);
      assertThat(server.ask("/validate", new byte[2]).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void slowLargeBodiesKeepNobodyWaiting() throws Exception {
    Options patient = TestServer.options(2, Duration.ofMinutes(1), Duration.ofMinutes(10));
    try (TestServer server = new TestServer(patient, Map.of("/validate", ECHO))) {
      for (String from : List.of("127.0.0.1", "127.0.0.2")) {
        List<SSLSocket> slow = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          SSLSocket socket = server.connect(from, server.trust);
          slow.add(socket);
          write(
              socket.getOutputStream(),
              head("POST", "/validate", "Content-Length: 100000") + " ".repeat(50_000));
        }
        for (int i = 0; i < 4; i++) {
          assertThat(server.ask("/validate", new byte[1000]).statusCode()).isEqualTo(200);
          assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(200);
        }
        for (SSLSocket socket : slow) {
          socket.close();
        }
      }
    }
  }

  /// Their lengths are only announced: else a few hundred of them would take all memory.
  @Test
  void largeBodiesThatWaitTakeNoMoreMemoryThanHasArrived() throws Exception {
    Options patient = TestServer.options(2, Duration.ofMinutes(1), Duration.ofMinutes(10));
    try (TestServer server = new TestServer(patient, Map.of("/validate", ECHO))) {
      assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(200);
      List<SSLSocket> waiting = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        waiting.add(server.connect());
      }
      long before = usedMemory();
      for (SSLSocket socket : waiting) {
        write(
            socket.getOutputStream(),
            head("POST", "/validate", "Content-Length: 3000000") + " ".repeat(50_000));
      }
      Thread.sleep(1_000);
      assertThat(usedMemory() - before).isLessThan(60 * 1_000_000L);
      for (SSLSocket socket : waiting) {
        socket.close();
      }
    }
  }

  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// Its memory is in use as long as it is worked on.
  @Test
  void aLargeBodyKeepsItsTurnWhenItsClientGoesAway() throws Exception {
    Semaphore arrived = new Semaphore(0);
    CountDownLatch gate = new CountDownLatch(1);
    Options more = OPTIONS.withInFlight(64);
    try (TestServer server =
        new TestServer(more, Map.of("/held", held(arrived, gate), "/validate", ECHO))) {
      for (int i = 0; i < 4; i++) {
        try (SSLSocket socket = server.connect()) {
          write(
              socket.getOutputStream(),
              head("POST", "/held", "Content-Length: 100000") + " ".repeat(100_000));
          arrived.acquire();
        }
      }
      Wait.until("no connection is left", () -> server.endpoint.connections() == 0);
      assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(503);
      assertThat(server.ask("/validate", new byte[100]).statusCode()).isEqualTo(200);
      gate.countDown();
      Wait.until(
          "a turn for a large body",
          () -> server.ask("/validate", new byte[100_000]).statusCode() == 200);
    }
  }

  /// It was read before the last one was answered, so no byte of it begins its time.
  @Test
  void aRequestThatCameEarlyHasNoMoreTime() throws Exception {
    try (TestServer server = new TestServer(HASTY, Map.of("/validate", ECHO));
        SSLSocket socket = server.connect()) {
      write(
          socket.getOutputStream(),
          head("POST", "/validate", "Content-Length: 2")
              + "{}"
              + head("POST", "/validate", "Content-Length: 2"));
      assertThat(readAnswer(socket.getInputStream())).contains("200 OK");
      assertThat(readAll(socket)).doesNotContain("HTTP/1.1 200");
      assertThat(server.refused).containsExactly(HttpRefusal.TOO_SLOW);
    }
  }

  /// Nobody waits: so it may take its time, within that of a request.
  @Test
  void aSlowLargeBodyIsTakenWhereNobodyWaits() throws Exception {
    try (TestServer server = new TestServer(OPTIONS, Map.of("/validate", ECHO));
        SSLSocket socket = server.connect()) {
      write(
          socket.getOutputStream(),
          head("POST", "/validate", "Content-Length: 100000") + " ".repeat(50_000));
      Thread.sleep(800);
      assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(200);
      write(socket.getOutputStream(), " ".repeat(50_000));
      assertThat(readAnswer(socket.getInputStream())).contains("200 OK").endsWith("100000\n");
    }
  }

  @Test
  void aClientThatGoesAwayLeavesItsTurn() throws Exception {
    try (TestServer server = new TestServer(OPTIONS, Map.of("/validate", ECHO))) {
      for (int i = 0; i < 12; i++) {
        try (SSLSocket socket = server.connect()) {
          write(
              socket.getOutputStream(),
              head("POST", "/validate", "Content-Length: 100000") + " ".repeat(50_000));
        }
      }
      Wait.until("no connection is left", () -> server.endpoint.connections() == 0);
      assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatIsUnderWayEndsBeforeTheServerDoes() throws Exception {
    Semaphore arrived = new Semaphore(0);
    CountDownLatch gate = new CountDownLatch(1);
    try (TestServer server = new TestServer(OPTIONS, Map.of("/validate", held(arrived, gate)))) {
      CompletableFuture<HttpResponse<String>> underWay = server.asking("/validate");
      arrived.acquire();
      int port = server.endpoint.port();
      Thread closing = Thread.ofVirtual().start(() -> server.endpoint.close(Duration.ofHours(1)));
      Wait.until("nothing more is accepted", () -> refuses(port));
      assertThat(underWay).isNotDone();
      gate.countDown();
      assertThat(underWay.get().statusCode()).isEqualTo(200);
      assertThat(underWay.get().headers().firstValue("Connection")).hasValue("close");
      assertThat(closing.join(Duration.ofMinutes(1))).isTrue();
    }
  }

  private static boolean refuses(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(socket.isConnected()).isTrue();
    } catch (ConnectException e) {
      assertThat(e).hasMessageContaining("refused");
      return true;
    } catch (SocketException atTheMomentOfClosing) {
      assertThat(atTheMomentOfClosing).hasMessageContaining("reset");
    }
    return false;
  }

  @Test
  void theGraceEnds() throws Exception {
    Semaphore arrived = new Semaphore(0);
    Route stuck = held(arrived, new CountDownLatch(1));
    try (TestServer server = new TestServer(OPTIONS, Map.of("/validate", stuck))) {
      CompletableFuture<HttpResponse<String>> underWay = server.asking("/validate");
      arrived.acquire();
      long begin = System.nanoTime();
      server.endpoint.close(Duration.ofMillis(500));
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(500), Duration.ofMinutes(1));
      assertThatThrownBy(underWay::get).hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void noThreadStays() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (TestServer server = new TestServer(OPTIONS, Map.of("/healthz", HEALTH))) {
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(serverThreads()).isNotEmpty();
      }
    }
    Wait.until("no thread is left", () -> serverThreads().isEmpty());
  }

  private static List<String> serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("https-"))
        .toList();
  }
}
