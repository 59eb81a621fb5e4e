package dev.portcullis.admission.certificate;

/// What should be done about what is stored.
sealed interface RotationStep {
  ServingBundle material();

  /// Nothing.
  record Keep(ServingBundle material) implements RotationStep {}

  /// Write this instead; it holds from the moment that it is written.
  ///
  /// @param reason for the log
  record Replace(StoredCertificates stored, ServingBundle material, String reason)
      implements RotationStep {}
}
