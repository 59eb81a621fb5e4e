package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// By what a server is known, and a user, over TLS.
class ClientTlsTest {
  private static final String PATH = "/version";

  @TempDir private Path directory;
  private final List<String> came = new CopyOnWriteArrayList<>();
  private KeyPair authorityKey;
  private X509Certificate authority;
  private HttpsServer server;

  /// For an API server at 127.0.0.1 that asks for a certificate.
  @BeforeEach
  void serve() throws Exception {
    authorityKey = key("EC", 256);
    authority = certificate("CN=authority", authorityKey, null);
    Files.writeString(directory.resolve("ca.pem"), pem(authority));
    serve("127.0.0.1");
  }

  /// @param address that its certificate has
  private void serve(String address) throws Exception {
    KeyPair key = key("EC", 256);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext context =
        ServerTrust.context(
            ServerTrust.authorities("", Files.readAllBytes(directory.resolve("ca.pem"))),
            List.of(
                ClientCertificate.manager(
                    "",
                    new Certificate[] {certificate("CN=server", key, address)},
                    pkcs8(key.getPrivate()).getBytes(UTF_8))));
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wants = context.getDefaultSSLParameters();
            wants.setWantClientAuth(true);
            parameters.setSSLParameters(wants);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            came.add(subject((HttpsExchange) exchange));
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(UTF_8));
          }
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private static String subject(HttpsExchange exchange) {
    try {
      return exchange.getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException nobody) {
      return "nobody";
    }
  }

  private static KeyPair key(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  /// @param address for a server; null for the authority itself, empty for a user
  private X509Certificate certificate(String name, KeyPair key, @Nullable String address)
      throws Exception {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=authority"),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            new X500Principal(name),
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(address == null));
    if (address != null && !address.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate())));
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /// As OpenSSL writes it: the JDK leaves the name of a curve out.
  private static String traditional(PrivateKey key) throws Exception {
    if (!(key instanceof java.security.interfaces.ECPrivateKey curved)) {
      return pem(key);
    }
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    ASN1Encodable curve = info.getPrivateKeyAlgorithm().getParameters();
    int bits = curved.getParams().getOrder().bitLength();
    return pem(
        new PemObject("EC PRIVATE KEY", new ECPrivateKey(bits, curved.getS(), curve).getEncoded()));
  }

  private static String pkcs8(PrivateKey key) throws Exception {
    return pem(new JcaPKCS8Generator(key, null));
  }

  private ClusterConnection connect(String cluster, String user) throws IOException {
    return ClusterConnection.open(
        Files.writeString(
            directory.resolve("config"),
            """
            current-context: x
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", %s}}]
            users: [{name: u, user: {%s}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """
                .formatted(server.getAddress().getPort(), cluster, user)));
  }

  /// In every form that people have.
  @ParameterizedTest
  @CsvSource({
    "EC, 256, false",
    "EC, 384, false",
    "EC, 521, true",
    "EC, 256, true",
    "RSA, 2048, false",
    "RSA, 2048, true"
  })
  void aUserIsKnownByACertificate(String algorithm, int size, boolean pkcs8) throws Exception {
    KeyPair key = key(algorithm, size);
    String certificate = pem(certificate("CN=ann", key, ""));
    String text = pkcs8 ? pkcs8(key.getPrivate()) : traditional(key.getPrivate());
    assertThat(text).contains(pkcs8 ? "BEGIN PRIVATE KEY" : "BEGIN " + algorithm + " PRIVATE KEY");
    Files.writeString(directory.resolve("ann.pem"), certificate);
    Files.writeString(directory.resolve("ann.key"), text);
    for (String user :
        List.of(
            "client-certificate: ann.pem, client-key: ann.key",
            "client-certificate-data: "
                + base64(certificate)
                + ", client-key-data: "
                + base64(text))) {
      try (ClusterConnection connection = connect("certificate-authority: ca.pem", user)) {
        assertThat(connection.get(PATH, "GET it")).isNotNull();
      }
    }
    assertThat(came).containsExactly("CN=ann", "CN=ann");
  }

  /// As a kubelet renews its own.
  @Test
  void aCertificateInFilesIsReadAgain() throws Exception {
    Path file = directory.resolve("ann.pem");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    KeyPair key = key("EC", 256);
    byte[] text = pkcs8(key.getPrivate()).getBytes(UTF_8);
    Files.writeString(file, pem(certificate("CN=first", key, "")));
    CertificateFiles files =
        new CertificateFiles(
            () ->
                ClientCertificate.manager(
                    "", ClientCertificate.read("", Files.readAllBytes(file)), text),
            now::get);
    String first = alias(files);
    Files.writeString(file, pem(certificate("CN=second", key, "")));
    assertThat(alias(files)).isEqualTo(first);
    now.set(now.get().plusSeconds(60));
    String second = alias(files);
    assertThat(subject(files, second)).isEqualTo("CN=second");
    // A connection goes on with what it has begun with.
    assertThat(subject(files, first)).isEqualTo("CN=first");
    assertThat(files.getPrivateKey(second)).isNotNull();
    Files.writeString(file, "half a certif");
    now.set(now.get().plusSeconds(60));
    assertThat(alias(files)).isEqualTo(second);
  }

  private static String alias(CertificateFiles files) {
    return Objects.requireNonNull(files.chooseClientAlias(new String[] {"EC"}, null, null));
  }

  private static String subject(CertificateFiles files, String alias) {
    return Objects.requireNonNull(files.getCertificateChain(alias))[0]
        .getSubjectX500Principal()
        .getName();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void theAuthorityOfTheKubeconfigIsTheOnlyOne() throws Exception {
    String data = "certificate-authority-data: " + base64(pem(authority));
    try (ClusterConnection connection = connect(data, "token: t")) {
      assertThat(connection.get(PATH, "GET it")).isNotNull();
    }
    try (ClusterConnection connection = connect("disable-compression: true", "token: t")) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it"))
          .hasMessageContaining("unable to find valid certification path");
    }
    assertThat(came).containsExactly("nobody");
  }

  @Test
  void aServerThatIsNotTheOneOfItsCertificateIsRefused() throws Exception {
    server.stop(0);
    serve("127.0.0.9");
    try (ClusterConnection connection = connect("certificate-authority: ca.pem", "token: t")) {
      assertThatThrownBy(() -> connection.get(PATH, "GET it")).hasMessageContaining("127.0.0.1");
    }
    assertThat(came).isEmpty();
    try (ClusterConnection connection = connect("insecure-skip-tls-verify: true", "token: t")) {
      assertThat(connection.get(PATH, "GET it")).isNotNull();
    }
    assertThat(came).containsExactly("nobody");
  }

  @Test
  void aKeyThatCannotBeUsedIsToldSo() throws Exception {
    Files.writeString(directory.resolve("ann.pem"), pem(certificate("CN=ann", key("EC", 256), "")));
    for (String text :
        List.of(
            "nothing",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n",
            "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")) {
      Files.writeString(directory.resolve("ann.key"), text);
      assertThatThrownBy(() ->
              connect(
                  "certificate-authority: ca.pem",
                  "client-certificate: ann.pem, client-key: ann.key"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(": user \"u\": its client key ");
    }
  }
}
