package dev.portcullis.admission.certificate;

/// What should be done about what is stored.
sealed interface Next {
  Material material();

  /// Nothing.
  record Keep(Material material) implements Next {}

  /// Write this instead; it holds from the moment that it is written.
  ///
  /// @param reason for the log
  record Replace(Stored stored, Material material, String reason) implements Next {}
}
