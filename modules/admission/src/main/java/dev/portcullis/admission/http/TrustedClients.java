package dev.portcullis.admission.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// Which clients may ask questions, by the certificates that they show. Asked at every handshake
/// and every question, by many threads.
public interface TrustedClients {
  /// Whose signature makes a client's certificate one, at this moment; never empty. The same list
  /// as before where nothing has changed.
  List<X509Certificate> authorities();

  /// Common names or DNS names of which a client's certificate must have one; empty where any will
  /// do.
  Set<String> names();
}
