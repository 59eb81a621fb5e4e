package dev.portcullis.admission.certificate;

import java.io.IOException;

/// Is notified of the certificates that clients should trust, again and again, changed or not: it
/// must put them where API servers read them, and do nothing when they are there.
public interface BundleListener {
  /// Trust these.
  ///
  /// @param pem newest first
  /// @throws IOException when it could not; it is notified again soon
  void caBundle(byte[] pem) throws IOException;
}
