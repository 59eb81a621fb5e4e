package dev.portcullis.admission.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS 1.2 and 1.3, with suites that have forward secrecy and authenticated encryption, by
/// BoringSSL where its library can be loaded, and by the JDK elsewhere and for the keys that
/// BoringSSL does not sign with as it comes (Ed25519). A client is asked for a certificate where
/// some are trusted, and may have none: a kubelet's probes have none.
final class Tls {
  private static final System.Logger LOG = System.getLogger(Tls.class.getName());

  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Set<String> KEYS_OF_BORINGSSL = Set.of("EC", "RSA");

  static {
    // A TLS 1.2 client may not ask for handshake after handshake. BoringSSL lets none.
    if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
      System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }
  }

  private final ServingCertificates certificates;
  private final ClientCertificates clients;
  private final SslProvider provider;
  private @Nullable Prepared prepared;

  private record Prepared(
      ServingCertificate certificate, List<X509Certificate> authorities, SslContext context) {}

  Tls(ServingCertificates certificates, ClientCertificates clients) {
    this(certificates, clients, fastest());
  }

  Tls(ServingCertificates certificates, ClientCertificates clients, SslProvider provider) {
    this.certificates = certificates;
    this.clients = clients;
    this.provider = provider;
  }

  ClientCertificates clients() {
    return clients;
  }

  private static SslProvider fastest() {
    if (OpenSsl.isAvailable()) {
      return SslProvider.OPENSSL;
    }
    Throwable reason = OpenSsl.unavailabilityCause();
    LOG.log(
        Level.INFO,
        "using the slower TLS of the JDK: cannot load BoringSSL ({0})",
        reason == null ? "no reason" : reason.getMessage());
    return SslProvider.JDK;
  }

  /// TLS for one connection, under the certificate of this moment; null where there is none.
  @Nullable SslHandler handler(ByteBufAllocator allocator) {
    ServingCertificate current = certificates.current();
    if (current == null) {
      return null;
    }
    try {
      SslHandler handler = context(current, clients.authorities()).newHandler(allocator);
      // There is a limit for all of it, handshake included.
      handler.setHandshakeTimeoutMillis(0);
      return handler;
    } catch (SSLException unusable) {
      LOG.log(Level.ERROR, "the serving certificate " + current + " cannot be used", unusable);
      return null;
    }
  }

  private synchronized SslContext context(
      ServingCertificate certificate, List<X509Certificate> authorities) throws SSLException {
    Prepared last = prepared;
    if (last == null
        || !last.certificate.equals(certificate)
        || !last.authorities.equals(authorities)) {
      last = new Prepared(certificate, authorities, prepare(certificate, authorities));
      prepared = last;
    }
    return last.context;
  }

  private SslContext prepare(ServingCertificate certificate, List<X509Certificate> authorities)
      throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
            certificate.key(), certificate.chain().toArray(X509Certificate[]::new));
    if (!authorities.isEmpty()) {
      builder
          .clientAuth(ClientAuth.OPTIONAL)
          .trustManager(authorities.toArray(X509Certificate[]::new));
    }
    return builder
        .sslProvider(
            KEYS_OF_BORINGSSL.contains(certificate.key().getAlgorithm())
                ? provider
                : SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
        .build();
  }
}
