package dev.portcullis.admission.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/// TLS 1.2 and 1.3, and of the suites that the JDK has on by default those with forward secrecy
/// over an elliptic curve and authenticated encryption.
final class Tls extends HttpsConfigurator {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final String[] suites;

  private Tls(SSLContext context) {
    super(context);
    suites =
        Arrays.stream(context.getDefaultSSLParameters().getCipherSuites())
            .filter(Tls::sound)
            .toArray(String[]::new);
  }

  static Tls of(ServingCertificates certificates) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // No client is asked for a certificate, so nobody is trusted. With null the JDK would read
      // and trust its own 150 authorities.
      context.init(
          new KeyManager[] {new ServingKeyManager(certificates)}, new TrustManager[0], null);
      return new Tls(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static boolean sound(String suite) {
    // The names of TLS 1.3's suites say nothing of key exchange, which is always an ephemeral one.
    boolean ephemeral =
        suite.startsWith("TLS_ECDHE_")
            || suite.startsWith("TLS_AES_")
            || suite.startsWith("TLS_CHACHA20_");
    return ephemeral && !suite.contains("_CBC_");
  }

  @Override
  public void configure(HttpsParameters connection) {
    SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
    parameters.setProtocols(VERSIONS);
    parameters.setCipherSuites(suites);
    parameters.setUseCipherSuitesOrder(true);
    connection.setSSLParameters(parameters);
  }
}
