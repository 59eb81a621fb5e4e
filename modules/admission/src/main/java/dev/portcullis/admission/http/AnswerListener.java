package dev.portcullis.admission.http;

import java.time.Duration;

/// Is notified of every answer that was written, and of what got none, for metrics. Called on an
/// event loop, so it must not wait.
public interface AnswerListener {
  /// An answer is on its way.
  ///
  /// @param path of the route, or `other`: never a text that a client has chosen
  /// @param took from the end of the request's headers to the end of the answer
  void answered(String path, int status, Duration took);

  /// A connection was closed or a request not taken, by the bounds or for want of a certificate.
  default void refused(HttpRefusal why) {}
}
