package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An endpoint on a port of its own, and its clients.
final class TestServer implements AutoCloseable {
  static final Options OPTIONS =
      new Options(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          2,
          Duration.ofMillis(200),
          512,
          512,
          Duration.ofSeconds(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          null);

  final ServingCertificate certificate;
  final HttpsEndpoint endpoint;
  final HttpClient client;

  /// What was refused, in this order.
  final Collection<HttpRefusal> refused = new ConcurrentLinkedQueue<>();

  private final Collection<Socket> made = new ConcurrentLinkedQueue<>();

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
    this.certificate = certificate;
    endpoint =
        HttpsEndpoint.start(
            options,
            certificates,
            routes,
            new AnswerListener() {
              @Override
              public void answered(String path, int status, Duration took) {}

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
        .timeout(Duration.ofSeconds(20));
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
    tls.setSoTimeout(20_000);
    tls.startHandshake();
    return tls;
  }

  /// Waits until every connection that was made has its place or none. Those that were refused must
  /// still be open here. Once is not enough: one that was closed here may still have its place, and
  /// one that is new none, for a moment.
  void settle() throws InterruptedException {
    int inARow = 0;
    for (int i = 0; i < 1_500 && inARow < 10; i++) {
      Thread.sleep(20);
      inARow = unsettled() == 0 ? inARow + 1 : 0;
    }
    assertThat(inARow).isEqualTo(10);
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
