package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An endpoint on a port of its own, and its clients.
final class TestServer implements AutoCloseable {
  /// None of whose limits of time a slow machine reaches; who waits for a turn soon gets none.
  static final Options OPTIONS = options(2, Duration.ofMillis(200), Duration.ofMinutes(10));

  /// For tests of the limits of time. [#warmUp] comes before them: what is done for the first time
  /// takes long.
  static final Options HASTY = options(2, Duration.ofMillis(200), Duration.ofSeconds(2));

  /// @param time for a handshake, and for a request
  static Options options(int inFlight, Duration patience, Duration time) {
    return new Options(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        inFlight,
        patience,
        512,
        512,
        time,
        Duration.ofMillis(100),
        time,
        null);
  }

  final ServingCertificate certificate;
  final HttpsEndpoint endpoint;
  final HttpClient client;

  /// What was refused, in this order.
  final Collection<HttpRefusal> refused = new ConcurrentLinkedQueue<>();

  private final Collection<Socket> made = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();

  /// Never trusts another than the first certificate.
  final SSLContext trust;

  TestServer(Options options, Map<String, Route> routes) throws Exception {
    this(options, routes, TestCertificate.make(1));
  }

  private TestServer(Options options, Map<String, Route> routes, ServingCertificate certificate)
      throws Exception {
    this(options, routes, certificate, () -> certificate);
  }

  TestServer(
      Options options,
      Map<String, Route> routes,
      ServingCertificate certificate,
      ServingCertificates certificates)
      throws Exception {
    this(
        options,
        routes,
        certificate,
        new Tls(certificates, new ClientCertificates(options.clients())));
  }

  TestServer(Options options, Map<String, Route> routes, ServingCertificate certificate, Tls tls)
      throws Exception {
    this.certificate = certificate;
    endpoint =
        HttpsEndpoint.start(
            options,
            tls,
            routes,
            new AnswerListener() {
              @Override
              public void answered(String path, int status, Duration took) {
                answered.incrementAndGet();
              }

              @Override
              public void refused(HttpRefusal why) {
                refused.add(why);
              }
            });
    trust = TestCertificate.trusting(certificate);
    client = HttpClient.newBuilder().sslContext(trust).build();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + endpoint.port() + path))
        .timeout(Duration.ofMinutes(1));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  HttpRequest question(String path, byte[] body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  HttpResponse<String> ask(String path, byte[] body) throws IOException, InterruptedException {
    return client.send(question(path, body), BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> asking(String path) {
    return client.sendAsync(question(path, "{}".getBytes(UTF_8)), BodyHandlers.ofString());
  }

  /// Past the handshake.
  SSLSocket connect() throws IOException {
    return connect("127.0.0.1", trust);
  }

  /// @param from one of the addresses of loopback
  SSLSocket connect(String from, SSLContext context) throws IOException {
    Socket tcp = tcp(from);
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(tcp, "127.0.0.1", endpoint.port(), true);
    tls.setSoTimeout(60_000);
    tls.startHandshake();
    return tls;
  }

  /// Sends a request on a connection that stays, and waits until the server has noted its answer,
  /// which it does after the client has it. No other request must be under way.
  ///
  /// @return the answer
  String ask(SSLSocket socket, String request) throws Exception {
    int before = answered.get();
    HttpsEndpointTest.write(socket.getOutputStream(), request);
    String answer = HttpsEndpointTest.readAnswer(socket.getInputStream());
    assertThat(answer).doesNotEndWith("<end>");
    Wait.until("the answer is noted", () -> answered.get() > before);
    return answer;
  }

  /// Has clients and servers do once what takes long the first time.
  static void warmUp() throws Exception {
    Map<String, Route> routes =
        Map.of("/validate", Route.question(_ -> Response.text(200, "warm")));
    try (TestServer server = new TestServer(OPTIONS, routes);
        SSLSocket socket = server.connect()) {
      assertThat(server.ask("/validate", new byte[100_000]).statusCode()).isEqualTo(200);
      String request = HttpsEndpointTest.head("POST", "/validate", "Content-Length: 2") + "{}";
      assertThat(server.ask(socket, request)).contains("200 OK");
    }
  }

  /// Waits until every connection that was made has its place or none. Those that were refused must
  /// still be open here. Once is not enough: one that was closed here may still have its place, and
  /// one that is new none, for a moment.
  void settle() throws Exception {
    int[] inARow = {0};
    Wait.until(
        "every connection has its place or none",
        () -> {
          Thread.sleep(20);
          inARow[0] = unsettled() == 0 ? inARow[0] + 1 : 0;
          return inARow[0] == 10;
        });
  }

  private long unsettled() {
    long open = made.stream().filter(socket -> !socket.isClosed()).count();
    return open - refused.size() - endpoint.connections();
  }

  /// Without a handshake.
  Socket tcp(String from) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(), endpoint.port(), InetAddress.getByName(from), 0);
    made.add(socket);
    return socket;
  }

  @Override
  public void close() {
    client.close();
    endpoint.close(Duration.ZERO);
  }
}
