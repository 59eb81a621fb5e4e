package dev.portcullis.admission.http;

import static dev.portcullis.admission.http.HttpsEndpointTest.head;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAnswer;
import static dev.portcullis.admission.http.HttpsEndpointTest.write;
import static dev.portcullis.admission.http.TestServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients from several addresses of loopback, some of which take what they can get.
@Timeout(180)
class PlacesTest {
  private static final String MINE = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final Route ECHO =
      Route.question(request -> Response.text(200, "" + request.body().length));
  private static final Map<String, Route> ROUTES =
      Map.of("/validate", ECHO, "/healthz", Route.page(_ -> Response.text(200, "ok")));
  private static final Duration FRESH = Duration.ofSeconds(1);

  /// Of places without a server.
  private final AtomicLong now = new AtomicLong();

  /// None of whose limits of time matters here.
  private static TestServer server(int connections, int ofAddress, Map<String, Route> routes)
      throws Exception {
    return new TestServer(OPTIONS.withInFlight(64).withConnections(connections, ofAddress), routes);
  }

  private static void ask(TestServer server, SSLSocket socket) throws Exception {
    assertThat(server.ask(socket, head("POST", "/validate", "Content-Length: 2") + "{}"))
        .contains("200 OK")
        .endsWith("2\n");
  }

  /// One after another, each on a connection of its own.
  private static void askAnew(TestServer server) throws Exception {
    for (int i = 0; i < 5; i++) {
      try (SSLSocket fresh = server.connect()) {
        ask(server, fresh);
      }
    }
  }

  private static List<Socket> silent(TestServer server, String from, int count) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(server.tcp(from));
    }
    server.settle();
    return sockets;
  }

  private static void awaitRefused(TestServer server, HttpRefusal refusal) throws Exception {
    Wait.until("the refusal " + refusal, () -> server.refused.contains(refusal));
  }

  @Test
  void whoSaysNothingKeepsNobodyOut() throws Exception {
    try (TestServer server = server(20, 10, ROUTES)) {
      for (String from : List.of(OTHER, "127.0.0.3", MINE)) {
        assertThat(silent(server, from, 15)).hasSize(15);
        awaitRefused(server, HttpRefusal.DISPLACED);
        askAnew(server);
      }
    }
  }

  /// Nor a handshake that is done, nor a page.
  @Test
  void whoAsksNothingKeepsNobodyOut() throws Exception {
    try (TestServer server = server(8, 8, ROUTES)) {
      for (int i = 0; i < 12; i++) {
        SSLSocket socket = server.connect(i % 2 == 0 ? OTHER : MINE, server.trust);
        assertThat(server.ask(socket, head("GET", "/healthz", "X: y"))).endsWith("ok\n");
      }
      askAnew(server);
    }
  }

  /// Anyone who reaches the port may have a page.
  @Test
  void whoHasAPageGoesForWhoAsks() throws Exception {
    try (TestServer server = server(4, 4, ROUTES)) {
      List<SSLSocket> asking = answered(server, MINE, 2);
      for (int i = 0; i < 2; i++) {
        SSLSocket socket = server.connect();
        assertThat(server.ask(socket, head("GET", "/healthz", "X: y"))).endsWith("ok\n");
      }
      asking.addAll(answered(server, MINE, 2));
      for (SSLSocket socket : asking) {
        ask(server, socket);
      }
      assertThat(server.refused).containsExactly(HttpRefusal.DISPLACED, HttpRefusal.DISPLACED);
    }
  }

  @Test
  void noAddressLosesToOneThatHasMore() throws Exception {
    try (TestServer server = server(10, 10, ROUTES);
        SSLSocket honest = server.connect()) {
      ask(server, honest);
      for (int i = 0; i < 9; i++) {
        ask(server, server.connect(OTHER, server.trust));
      }
      assertThat(silent(server, OTHER, 30)).hasSize(30);
      awaitRefused(server, HttpRefusal.DISPLACED);
      ask(server, honest);
      assertThat(silent(server, "127.0.0.3", 30)).hasSize(30);
      ask(server, honest);
      askAnew(server);
      ask(server, honest);
    }
  }

  private ConnectionPlace place(int address) {
    return new ConnectionPlace(
        new PeerAddress(address, Integer.SIZE),
        new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {}),
        now::getAndIncrement);
  }

  private Places places(int most, int mostOfAddress) {
    return new Places(most, mostOfAddress, FRESH, _ -> {}, now::get);
  }

  private List<ConnectionPlace> entered(Places places, int count, int address) {
    List<ConnectionPlace> entered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entered.add(place(address));
      assertThat(places.enter(entered.getLast())).isTrue();
    }
    return entered;
  }

  /// 100 newcomers of as many addresses, beside one that has 25 and has been answered.
  @Test
  void whoWasAnsweredLosesNothingWhileOthersHaveShownNothing() {
    Places places = places(512, 256);
    List<ConnectionPlace> honest = entered(places, 25, 1);
    for (ConnectionPlace connection : honest) {
      connection.shown(false);
      connection.limit().begin();
    }
    for (int i = 0; i < 487; i++) {
      entered(places, 1, 1_000 + i / 20);
    }
    for (int i = 0; i < 100; i++) {
      entered(places, 1, 10_000 + i);
    }
    assertThat(places.open()).hasSize(512).containsAll(honest);
  }

  /// Also where each of them comes from an address of its own.
  @Test
  void silentConnectionsOfAsManyAddressesKeepNobodyOutForLong() {
    Places places = places(512, 256);
    List<ConnectionPlace> honest = entered(places, 25, 1);
    honest.forEach(connection -> connection.shown(false));
    ConnectionPlace oldest = entered(places, 1, 1_000).getFirst();
    for (int i = 1; i < 487; i++) {
      entered(places, 1, 1_000 + i);
    }
    assertThat(places.enter(place(2))).isFalse();
    now.addAndGet(FRESH.toNanos());
    ConnectionPlace newcomer = entered(places, 1, 2).getFirst();
    assertThat(places.open())
        .hasSize(512)
        .containsAll(honest)
        .contains(newcomer)
        .doesNotContain(oldest);
    // Those of one address that come together do not end each other's handshakes.
    List<ConnectionPlace> together = entered(places, 25, 1);
    assertThat(places.open()).hasSize(512).containsAll(honest).containsAll(together);
  }

  /// A few that have shown nothing yet do not keep the places of those that hold most.
  @Test
  void aHandshakeKeepsNoPlaceForThoseThatHoldMost() {
    Places places = places(8, 8);
    entered(places, 7, 1).forEach(connection -> connection.shown(false));
    entered(places, 1, 2);
    assertThat(entered(places, 1, 3)).hasSize(1);
    assertThat(places.open()).hasSize(8);
  }

  private static List<SSLSocket> answered(TestServer server, String from, int count)
      throws Exception {
    List<SSLSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(server.connect(from, server.trust));
      ask(server, sockets.getLast());
    }
    return sockets;
  }

  /// Who has one less than the largest would have more than it after that.
  @Test
  void whoWouldThenHaveMoreGetsNoneOfOthers() throws Exception {
    try (TestServer server = server(7, 7, ROUTES)) {
      List<SSLSocket> largest = answered(server, MINE, 4);
      assertThat(answered(server, OTHER, 3)).hasSize(3);
      assertThat(silent(server, OTHER, 10)).hasSize(10);
      awaitRefused(server, HttpRefusal.DISPLACED);
      for (SSLSocket socket : largest) {
        ask(server, socket);
      }
    }
  }

  @Test
  void theOneGoesThatHasLongestSaidNothing() throws Exception {
    try (TestServer server = server(3, 3, ROUTES)) {
      List<SSLSocket> sockets = answered(server, MINE, 3);
      ask(server, sockets.getFirst());
      assertThat(answered(server, MINE, 1)).hasSize(1);
      ask(server, sockets.getFirst());
      ask(server, sockets.getLast());
      assertThat(server.refused).containsExactly(HttpRefusal.DISPLACED);
    }
  }

  /// They look honest until they stop in the middle of a question.
  @Test
  void questionsThatDoNotEndKeepNobodyOut() throws Exception {
    try (TestServer server = server(8, 8, ROUTES)) {
      for (int i = 0; i < 8; i++) {
        SSLSocket socket = server.connect(OTHER, server.trust);
        ask(server, socket);
        write(socket.getOutputStream(), head("POST", "/validate", "Content-Length: 20") + "{");
      }
      askAnew(server);
    }
  }

  /// A question that is worked on until it is let go.
  private static final class Held {
    final Semaphore arrived = new Semaphore(0);
    final CountDownLatch gate = new CountDownLatch(1);

    Map<String, Route> routes() {
      return Map.of("/validate", ECHO, "/held", Route.question(_ -> answer()));
    }

    private Response answer() {
      arrived.release();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Response.text(200, "2");
    }

    void ask(SSLSocket socket) throws Exception {
      write(socket.getOutputStream(), head("POST", "/held", "Content-Length: 2") + "{}");
      arrived.acquire();
    }
  }

  @Test
  void aQuestionThatIsWorkedOnGoesForNobodyOfItsAddress() throws Exception {
    Held held = new Held();
    try (TestServer server = server(2, 2, held.routes());
        SSLSocket one = server.connect();
        SSLSocket two = server.connect()) {
      for (SSLSocket socket : List.of(one, two)) {
        ask(server, socket);
        held.ask(socket);
      }
      assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
      assertThat(server.refused).containsExactly(HttpRefusal.ADDRESS_LIMIT);
      held.gate.countDown();
      for (SSLSocket socket : List.of(one, two)) {
        assertThat(readAnswer(socket.getInputStream())).contains("200 OK");
      }
    }
  }

  /// Those that nobody waits for go first, also where they came later.
  @Test
  void aQuestionThatIsWorkedOnGoesLast() throws Exception {
    Held held = new Held();
    try (TestServer server = server(4, 4, held.routes());
        SSLSocket busy = server.connect(OTHER, server.trust)) {
      ask(server, busy);
      held.ask(busy);
      List<SSLSocket> idle = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        idle.add(server.connect(OTHER, server.trust));
        ask(server, idle.getLast());
      }
      ask(server, server.connect());
      ask(server, server.connect());
      assertThat(server.refused).containsExactly(HttpRefusal.DISPLACED, HttpRefusal.DISPLACED);
      held.gate.countDown();
      assertThat(readAnswer(busy.getInputStream())).contains("200 OK");
      assertThat(idle).hasSize(3);
    }
  }

  @Test
  void oneAddressHasSoManyAndNoMore() throws Exception {
    try (TestServer server = server(100, 10, ROUTES)) {
      assertThat(silent(server, OTHER, 50)).hasSize(50);
      Wait.until("40 refusals", () -> server.refused.size() >= 40);
      assertThat(server.refused).hasSize(40).containsOnly(HttpRefusal.DISPLACED);
      assertThat(server.endpoint.connections()).isEqualTo(10);
    }
  }

  @Test
  void allOfThemHaveSoManyAndNoMore() throws Exception {
    try (TestServer server = server(20, 10, ROUTES)) {
      for (String from : List.of(OTHER, "127.0.0.3", "127.0.0.4")) {
        assertThat(silent(server, from, 10)).hasSize(10);
      }
      Wait.until("10 refusals", () -> server.refused.size() >= 10);
      assertThat(server.refused).hasSize(10);
      assertThat(server.endpoint.connections()).isEqualTo(20);
    }
  }

  @Test
  void aHostIsOneAddress() throws Exception {
    assertThat(address("2001:db8:1:2::1")).isEqualTo(address("2001:db8:1:2:ffff::9"));
    assertThat(address("2001:db8:1:2::1")).isNotEqualTo(address("2001:db8:1:3::1"));
    assertThat(address("::ffff:10.0.0.1")).isEqualTo(address("10.0.0.1"));
    assertThat(address("10.0.0.1")).isNotEqualTo(address("10.0.0.2"));
    assertThat(address("::1")).isNotEqualTo(address("0.0.0.0"));
  }

  private static PeerAddress address(String text) throws IOException {
    return PeerAddress.of(InetAddress.getByName(text));
  }
}
