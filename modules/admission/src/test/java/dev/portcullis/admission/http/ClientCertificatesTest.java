package dev.portcullis.admission.http;

import static dev.portcullis.admission.http.HttpsEndpointTest.head;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAnswer;
import static dev.portcullis.admission.http.HttpsEndpointTest.write;
import static dev.portcullis.admission.http.TestServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may ask where a certificate is demanded.
@Timeout(180)
class ClientCertificatesTest {
  private static final String QUESTION = head("POST", "/validate", "Content-Length: 2") + "{}";
  private static final String PAGE = head("GET", "/healthz", "X: y");

  private final AtomicInteger asked = new AtomicInteger();
  private final Map<String, Route> routes =
      Map.of(
          "/validate",
          Route.question(_ -> Response.text(200, "question " + asked.incrementAndGet())),
          "/healthz",
          Route.page(_ -> Response.text(200, "ok")));
  private final AtomicReference<List<X509Certificate>> authorities = new AtomicReference<>();
  private TestAuthority authority;
  private ServingCertificate serving;

  @BeforeEach
  void make() throws Exception {
    authority = new TestAuthority("clients");
    serving = TestCertificate.make(51);
    authorities.set(List.of(authority.certificate()));
  }

  private record Trusted(AtomicReference<List<X509Certificate>> current, Set<String> names)
      implements TrustedClients {
    @Override
    public List<X509Certificate> authorities() {
      return current.get();
    }
  }

  private TestServer server(String... names) throws Exception {
    return server(OPTIONS, names);
  }

  private TestServer server(Options options, String... names) throws Exception {
    return new TestServer(
        options.withClients(new Trusted(authorities, Set.of(names))),
        routes,
        serving,
        () -> serving);
  }

  private static String ask(SSLSocket socket) throws IOException {
    write(socket.getOutputStream(), QUESTION);
    return readAnswer(socket.getInputStream());
  }

  private static String ask(TestServer server, SSLContext client) throws IOException {
    try (SSLSocket socket = server.connect("127.0.0.1", client)) {
      return ask(socket);
    }
  }

  private static String page(SSLSocket socket) throws IOException {
    write(socket.getOutputStream(), PAGE);
    return readAnswer(socket.getInputStream());
  }

  @Test
  void whoShowsNoneGetsPagesAndNoAnswer() throws Exception {
    try (TestServer server = server();
        SSLSocket probe = server.connect()) {
      assertThat(page(probe)).contains("200 OK").endsWith("ok\n");
      assertThat(ask(probe))
          .contains(
              "403 Forbidden",
              "connection: close",
              "the client sent no certificate",
              "--client-ca-file");
      assertThat(asked).hasValue(0);
      assertThat(server.refused).containsExactly(HttpRefusal.CLIENT_CERTIFICATE);
    }
  }

  @Test
  void whoShowsOneIsAnswered() throws Exception {
    try (TestServer server = server();
        SSLSocket socket = server.connect("127.0.0.1", authority.client(serving, "api"))) {
      assertThat(ask(socket)).contains("200 OK").endsWith("question 1\n");
      assertThat(ask(socket)).contains("200 OK").endsWith("question 2\n");
      assertThat(page(socket)).contains("200 OK");
      assertThat(server.refused).isEmpty();
    }
  }

  @Test
  void oneOfAnotherAuthorityIsNone() throws Exception {
    // Of the same name, which proves nothing.
    TestAuthority other = new TestAuthority("clients");
    try (TestServer server = server()) {
      assertThatThrownBy(() -> ask(server, other.client(serving, "api")))
          .isInstanceOf(IOException.class);
      assertThat(asked).hasValue(0);
    }
  }

  @Test
  void oneThatIsOverIsNone() throws Exception {
    SSLContext over =
        authority.client(
            serving, "api", "x", KeyPurposeId.id_kp_clientAuth, Duration.ofMinutes(-1));
    try (TestServer server = server()) {
      assertThatThrownBy(() -> ask(server, over)).isInstanceOf(IOException.class);
      assertThat(asked).hasValue(0);
    }
  }

  @Test
  void oneOfAServerIsNone() throws Exception {
    SSLContext server1 =
        authority.client(serving, "api", "x", KeyPurposeId.id_kp_serverAuth, Duration.ofHours(1));
    try (TestServer server = server()) {
      assertThatThrownBy(() -> ask(server, server1)).isInstanceOf(IOException.class);
      assertThat(asked).hasValue(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"api, true", "some.example.com, true", "some, false", "other, false", "AP, false"})
  void itHasOneOfTheNames(String wanted, boolean answered) throws Exception {
    try (TestServer server = server(wanted, "another")) {
      String answer = ask(server, authority.client(serving, "api"));
      assertThat(answer)
          .contains(answered ? "200 OK" : "403 Forbidden", answered ? "question" : "--client-name");
      assertThat(asked).hasValue(answered ? 1 : 0);
    }
  }

  /// A connection may last for months.
  @Test
  void whatCountsMayEndWhileAConnectionLasts() throws Exception {
    TestAuthority next = new TestAuthority("next");
    SSLContext brief =
        authority.client(
            serving, "api", "x", KeyPurposeId.id_kp_clientAuth, Duration.ofMinutes(20));
    AtomicReference<InstantSource> clock = new AtomicReference<>(InstantSource.system());
    Tls tls =
        new Tls(
            () -> serving,
            new ClientCertificates(
                new Trusted(authorities, Set.of()), () -> clock.get().instant()));
    try (TestServer server = new TestServer(OPTIONS, routes, serving, tls);
        SSLSocket old = server.connect("127.0.0.1", authority.client(serving, "api"));
        SSLSocket ends = server.connect("127.0.0.1", brief)) {
      assertThat(ask(old)).contains("200 OK");
      assertThat(ask(ends)).contains("200 OK");
      authorities.set(List.of(next.certificate(), authority.certificate()));
      for (SSLSocket socket : List.of(old, ends)) {
        assertThat(ask(socket)).contains("200 OK");
      }
      assertThat(ask(server, next.client(serving, "api"))).contains("200 OK");
      clock.set(InstantSource.offset(InstantSource.system(), Duration.ofMinutes(30)));
      assertThat(ask(ends)).contains("403 Forbidden", "has expired, or is not valid yet");
      authorities.set(List.of(next.certificate()));
      assertThat(ask(old)).contains("403 Forbidden", "is not from an authority");
      assertThat(ask(server, next.client(serving, "api"))).contains("200 OK");
      // Told of other authorities, the client does not even show its own.
      assertThat(ask(server, authority.client(serving, "api"))).contains("403 Forbidden");
    }
  }

  @Test
  void theJdkDemandsTheSame() throws Exception {
    Tls ofTheJdk =
        new Tls(
            () -> serving,
            new ClientCertificates(new Trusted(authorities, Set.of())),
            SslProvider.JDK);
    HttpsEndpoint endpoint = HttpsEndpoint.start(OPTIONS, ofTheJdk, routes, (_, _, _) -> {});
    try (SSLSocket none = connect(endpoint, TestCertificate.trusting(serving));
        SSLSocket one = connect(endpoint, authority.client(serving, "api"))) {
      assertThat(ask(none)).contains("403 Forbidden");
      assertThat(ask(one)).contains("200 OK");
      assertThatThrownBy(
              () -> ask(connect(endpoint, new TestAuthority("clients").client(serving, "api"))))
          .isInstanceOf(IOException.class);
    } finally {
      endpoint.close(Duration.ZERO);
    }
  }

  private static SSLSocket connect(HttpsEndpoint endpoint, SSLContext context) throws IOException {
    Socket tcp = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(tcp, "127.0.0.1", endpoint.port(), true);
    tls.setSoTimeout(60_000);
    tls.startHandshake();
    return tls;
  }

  @Test
  void whoHasShownOneLosesItsPlaceToNobody() throws Exception {
    SSLContext api = authority.client(serving, "api");
    try (TestServer server = server(OPTIONS.withConnections(6, 6))) {
      List<SSLSocket> honest = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        honest.add(server.connect("127.0.0.1", api));
        // What counts is the certificate, not the question.
        assertThat(server.ask(honest.getLast(), i % 2 == 0 ? QUESTION : PAGE)).contains("200 OK");
      }
      for (String from : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")) {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          silent.add(server.tcp(from));
        }
        assertThat(silent).hasSize(10);
        server.settle();
        for (SSLSocket socket : honest) {
          assertThat(server.ask(socket, QUESTION)).contains("200 OK");
        }
        assertThat(ask(server, api)).contains("200 OK");
      }
    }
  }

  /// Nor to its own address, where all that are there have shown one.
  @Test
  void whereAllHaveShownOneNobodyElseGetsIn() throws Exception {
    SSLContext api = authority.client(serving, "api");
    for (int ofAddress : new int[] {2, 3}) {
      try (TestServer server = server(OPTIONS.withConnections(2, ofAddress));
          SSLSocket one = server.connect("127.0.0.1", api);
          SSLSocket two = server.connect("127.0.0.1", api)) {
        for (SSLSocket socket : List.of(one, two)) {
          assertThat(server.ask(socket, QUESTION)).contains("200 OK");
        }
        for (int i = 0; i < 3; i++) {
          assertThat(server.tcp("127.0.0.1").getInputStream().read()).isNegative();
        }
        for (SSLSocket socket : List.of(one, two)) {
          assertThat(ask(socket)).contains("200 OK");
        }
        assertThat(server.refused)
            .hasSize(3)
            .containsOnly(
                ofAddress == 2 ? HttpRefusal.ADDRESS_LIMIT : HttpRefusal.CONNECTION_LIMIT);
      }
    }
  }

  /// Anybody may read a page, so a page keeps no place for a certificate that no longer counts.
  @Test
  void aPageKeepsNoPlaceOnceTheCertificateCountsNoLonger() throws Exception {
    SSLContext old = authority.client(serving, "api");
    TestAuthority next = new TestAuthority("next");
    SSLContext renewed = next.client(serving, "api");
    try (TestServer server = server(OPTIONS.withConnections(2, 2));
        SSLSocket one = server.connect("127.0.0.1", old);
        SSLSocket two = server.connect("127.0.0.1", old)) {
      assertThat(server.ask(one, QUESTION)).contains("200 OK");
      assertThat(server.ask(two, QUESTION)).contains("200 OK");
      authorities.set(List.of(next.certificate()));
      assertThat(server.ask(one, PAGE)).contains("200 OK");
      assertThat(server.ask(two, PAGE)).contains("200 OK");
      assertThat(ask(server, renewed)).contains("200 OK");
    }
  }
}
