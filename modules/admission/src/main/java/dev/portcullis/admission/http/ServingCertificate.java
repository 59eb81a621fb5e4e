package dev.portcullis.admission.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// What the server shows to its clients, and the key that proves it.
///
/// @param chain the server's own certificate first
public record ServingCertificate(PrivateKey key, List<X509Certificate> chain) {
  public ServingCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a serving certificate without a certificate");
    }
  }

  /// The server's own certificate.
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// The end of its life.
  public Instant expiry() {
    return certificate().getNotAfter().toInstant();
  }

  /// Whether clients refuse it for its age.
  public boolean expired(Instant now) {
    return !now.isBefore(expiry());
  }

  @Override
  public String toString() {
    return "ServingCertificate[" + certificate().getSerialNumber().toString(16) + "]";
  }
}
