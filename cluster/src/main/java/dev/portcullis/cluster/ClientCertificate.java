package dev.portcullis.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The certificate by which a user of a kubeconfig is known. A server that is shown an expired one
/// says `Unauthorized`, or ends the connection, and not why.
final class ClientCertificate {
  private ClientCertificate() {}

  /// @param label what to begin a message with
  /// @param data PEM in base64; null where the kubeconfig has none
  /// @param file null or empty where the kubeconfig names none
  /// @param directory that the file is relative to
  /// @throws IOException where it has expired, or is not valid yet
  static void requireValid(
      String label, @Nullable String data, @Nullable String file, Path directory)
      throws IOException {
    byte[] pem;
    if (data != null && !data.isEmpty()) {
      try {
        pem = Base64.getMimeDecoder().decode(data);
      } catch (IllegalArgumentException garbage) {
        throw new IOException(label + "client-certificate-data is not base64", garbage);
      }
    } else if (file != null && !file.isEmpty()) {
      pem = Files.readAllBytes(directory.resolve(file));
    } else {
      return;
    }
    X509Certificate certificate;
    try {
      certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem));
    } catch (CertificateException wrong) {
      throw new IOException(label + "its client certificate cannot be read", wrong);
    }
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
}
