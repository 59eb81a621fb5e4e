package dev.portcullis.admission.certificate;

import java.io.IOException;

/// Where the replicas keep the certificates that they share.
public interface CertificateStore {
  /// What is there now.
  StoredCertificates read() throws IOException;

  /// Writes, if nobody else has written since `expected` was read.
  ///
  /// @return false when somebody has
  boolean replace(StoredCertificates expected, StoredCertificates next) throws IOException;
}
