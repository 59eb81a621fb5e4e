package dev.portcullis.admission.certificate;

import java.io.IOException;

/// Where the replicas keep the certificates that they share.
public interface CertificateStore {
  /// What is there now.
  Stored read() throws IOException;

  /// Writes, if nobody else has written since `expected` was read.
  ///
  /// @return false when somebody has
  boolean replace(Stored expected, Stored next) throws IOException;
}
