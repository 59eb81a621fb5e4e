package dev.portcullis.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// The certificate by which a user of a kubeconfig is known. A server that is shown an expired one
/// answers `Unauthorized`, or ends the connection, and does not give the reason.
final class ClientCertificate {
  private ClientCertificate() {}

  /// Those of a PEM text, the user's first.
  ///
  /// @param label what to begin a message with
  /// @throws IOException where it has expired, or is not valid yet
  static Certificate[] read(String label, byte[] pem) throws IOException {
    Certificate[] chain;
    try {
      chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .toArray(Certificate[]::new);
    } catch (CertificateException wrong) {
      throw new IOException(label + "its client certificate cannot be read", wrong);
    }
    if (chain.length == 0) {
      throw new IOException(label + "its client certificate cannot be read: there is none");
    }
    requireValid(label, (X509Certificate) chain[0]);
    return chain;
  }

  private static void requireValid(String label, X509Certificate certificate) throws IOException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException expired) {
      throw new IOException(
          label
              + "the client certificate expired at "
              + certificate.getNotAfter().toInstant()
              + "; fetch new credentials for this cluster",
          expired);
    } catch (CertificateNotYetValidException early) {
      throw new IOException(
          label
              + "the client certificate is valid only from "
              + certificate.getNotBefore().toInstant()
              + " on; is the clock of this machine right?",
          early);
    }
  }

  /// What shows a certificate to a server and proves that it has the key.
  ///
  /// @param label what to begin a message with
  static X509ExtendedKeyManager manager(String label, Certificate[] chain, byte[] key)
      throws IOException {
    char[] password = new char[0];
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", ClientKey.read(label, key), password, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      // The JDK's own kinds of factories make one, of this class.
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (GeneralSecurityException wrong) {
      throw new IOException(
          label + "its client certificate cannot be used: " + wrong.getMessage(), wrong);
    }
  }
}
