package dev.portcullis.admission.http;

import org.jspecify.annotations.Nullable;

/// Where the certificate for the next handshake comes from. Asked at every handshake, by many
/// threads.
public interface ServingCertificates {
  /// Null until there is one: handshakes fail then.
  @Nullable ServingCertificate current();
}
