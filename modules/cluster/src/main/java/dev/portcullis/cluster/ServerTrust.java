package dev.portcullis.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// By which certificates an API server is known.
final class ServerTrust {
  private ServerTrust() {}

  /// A context of TLS.
  ///
  /// @param trust null for the authorities that the JDK knows
  /// @param client of its own certificate; none where it has none
  static SSLContext context(TrustManager @Nullable [] trust, List<KeyManager> client)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(client.toArray(KeyManager[]::new), trust, null);
      return context;
    } catch (GeneralSecurityException wrong) {
      throw new IOException("TLS cannot be used: " + wrong.getMessage(), wrong);
    }
  }

  /// Only what these authorities vouch for.
  ///
  /// @param label what to begin a message with
  /// @param pem their certificates
  static TrustManager[] authorities(String label, byte[] pem) throws IOException {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (certificates.isEmpty()) {
        throw new CertificateException("there is none");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate each : certificates) {
        store.setCertificateEntry(Integer.toString(store.size()), each);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException wrong) {
      throw new IOException(
          label + "the certificate of the authority cannot be read: " + wrong.getMessage(), wrong);
    }
  }

  /// Any server, as `insecure-skip-tls-verify` has it.
  static TrustManager[] anybody() {
    return new TrustManager[] {new Anybody()};
  }

  /// An extended one, for which the JDK does not look at the host's name either.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
