package dev.portcullis.admission.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// A certificate of a certificate authority, with its key.
record Authority(X509Certificate certificate, PrivateKey key) {
  @Override
  public String toString() {
    return "Authority[" + certificate.getSubjectX500Principal() + "]";
  }
}
