package dev.portcullis.admission.http;

import static dev.portcullis.admission.http.HttpsEndpointTest.head;
import static dev.portcullis.admission.http.HttpsEndpointTest.readAnswer;
import static dev.portcullis.admission.http.HttpsEndpointTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final Map<String, Route> ROUTES =
      Map.of("/healthz", Route.page(_ -> Response.text(200, "ok")));

  private static SSLSocket unconnected(SSLContext trust) throws IOException {
    return (SSLSocket) trust.getSocketFactory().createSocket();
  }

  private static SSLSocket shake(TestServer server, SSLSocket socket) throws IOException {
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.endpoint.port()));
    socket.startHandshake();
    return socket;
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3", "TLSv1.2"})
  void thisVersionIsSpoken(String version) throws Exception {
    try (TestServer server = new TestServer(TestServer.OPTIONS, ROUTES);
        SSLSocket socket = unconnected(server.trust)) {
      socket.setEnabledProtocols(new String[] {version});
      assertThat(shake(server, socket).getSession().getProtocol()).isEqualTo(version);
    }
  }

  /// The JDK does not offer TLS 1.1 either, so these are bytes: a ClientHello for it, whole, with a
  /// suite that the server has and without extensions.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anOlderVersionIsRefused(int minor) throws Exception {
    try (TestServer server = new TestServer(TestServer.OPTIONS, ROUTES);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.endpoint.port())) {
      socket.setSoTimeout(60_000);
      byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
      hello[0] = 22;
      hello[1] = 3;
      hello[2] = 1;
      hello[4] = (byte) (hello.length - 5);
      hello[5] = 1;
      hello[8] = (byte) (hello.length - 9);
      hello[9] = 3;
      hello[10] = (byte) minor;
      // After the random bytes and an empty session: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256.
      hello[45] = 2;
      hello[46] = (byte) 0xC0;
      hello[47] = 0x2B;
      hello[48] = 1;
      socket.getOutputStream().write(hello);
      byte[] alert = socket.getInputStream().readNBytes(7);
      assertThat(alert[0]).as("an alert").isEqualTo((byte) 21);
      assertThat(alert[6]).as("protocol_version").isEqualTo((byte) 70);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,true",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,false"
  })
  void suitesOfTls12(String suite, boolean spoken) throws Exception {
    try (TestServer server = new TestServer(TestServer.OPTIONS, ROUTES);
        SSLSocket socket = unconnected(server.trust)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});
      if (spoken) {
        assertThat(shake(server, socket).getSession().getCipherSuite()).isEqualTo(suite);
      } else {
        assertThatThrownBy(() -> shake(server, socket)).isInstanceOf(SSLHandshakeException.class);
      }
    }
  }

  @Test
  void aSwappedCertificateIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
    ServingCertificate first = TestCertificate.make(11);
    ServingCertificate second = TestCertificate.make(12);
    AtomicReference<ServingCertificate> current = new AtomicReference<>(first);
    try (TestServer server = new TestServer(TestServer.OPTIONS, ROUTES, first, current::get);
        SSLSocket old = server.connect()) {
      ask(old);
      current.set(second);
      ask(old);
      assertThatThrownBy(server::connect).isInstanceOf(SSLHandshakeException.class);
      try (SSLSocket fresh = shake(server, unconnected(TestCertificate.trusting(first, second)))) {
        assertThat(fresh.getSession().getPeerCertificates()).containsExactly(second.certificate());
        ask(fresh);
      }
      ask(old);
    }
  }

  private static void ask(SSLSocket socket) throws IOException {
    write(socket.getOutputStream(), head("GET", "/healthz", "X: y"));
    assertThat(readAnswer(socket.getInputStream())).endsWith("ok\n");
  }

  @Test
  void withoutACertificateHandshakesFailUntilThereIsOne() throws Exception {
    ServingCertificate certificate = TestCertificate.make(21);
    AtomicReference<ServingCertificate> current = new AtomicReference<>();
    try (TestServer server =
        new TestServer(TestServer.OPTIONS, ROUTES, certificate, current::get)) {
      // It hangs up, and may do so with bytes unread.
      assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
      current.set(certificate);
      try (SSLSocket socket = server.connect()) {
        ask(socket);
      }
    }
  }

  /// Where BoringSSL cannot be loaded, as on a system with another C library.
  @Test
  void theJdkServesTlsToo() throws Exception {
    ServingCertificate certificate = TestCertificate.make(31);
    Tls ofTheJdk = new Tls(() -> certificate, new ClientCertificates(null), SslProvider.JDK);
    HttpsEndpoint endpoint =
        HttpsEndpoint.start(TestServer.OPTIONS, ofTheJdk, ROUTES, (_, _, _) -> {});
    try (SSLSocket socket = unconnected(TestCertificate.trusting(certificate))) {
      socket.setSoTimeout(60_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()));
      ask(socket);
      ask(socket);
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    } finally {
      endpoint.close(Duration.ZERO);
    }
  }

  @ParameterizedTest
  @CsvSource({"RSA, SHA256withRSA", "EC, SHA384withECDSA", "Ed25519, Ed25519"})
  void keysOfEveryKindAreServed(String algorithm, String signature) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("RSA")) {
      // The JDK's own choice takes ten times as long to find.
      generator.initialize(2048);
    }
    ServingCertificate certificate =
        TestCertificate.make(41, generator.generateKeyPair(), signature);
    try (TestServer server =
            new TestServer(TestServer.OPTIONS, ROUTES, certificate, () -> certificate);
        SSLSocket socket = server.connect()) {
      ask(socket);
      assertThat(socket.getSession().getPeerCertificates())
          .containsExactly(certificate.certificate());
    }
  }

  @Test
  void boringSslIsThere() {
    assertThat(OpenSsl.isAvailable()).as("%s", OpenSsl.unavailabilityCause()).isTrue();
  }
}
