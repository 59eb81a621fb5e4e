package dev.portcullis.admission.certificate;

/// What is kept in the Secret, as text; empty where there is nothing.
///
/// @param version of what was read, for {@link CertificateStore#replace}; opaque here (a Secret's
///   resourceVersion)
/// @param caBundle `ca.crt`: the certificates that clients should trust, newest first
/// @param caKey `ca.key`: the key of the newest of them
/// @param certificate `tls.crt`
/// @param key `tls.key`
public record StoredCertificates(
    String version, String caBundle, String caKey, String certificate, String key) {
  /// A Secret without data.
  public static StoredCertificates empty(String version) {
    return new StoredCertificates(version, "", "", "", "");
  }

  /// Never the keys.
  @Override
  public String toString() {
    return "StoredCertificates[version " + version + "]";
  }
}
