package dev.portcullis.admission.http;

import java.util.Locale;

/// Why a connection was closed or a request was not taken, for metrics.
public enum HttpRefusal {
  /// Its address has as many connections as one may have.
  ADDRESS_LIMIT,
  /// There are as many connections as there may be, and none that had to go.
  CONNECTION_LIMIT,
  /// A connection that had to go for another one.
  DISPLACED,
  /// No time was left for a handshake, a request or its answer.
  TOO_SLOW,
  /// There is no serving certificate yet, or it cannot be used.
  NO_SERVING_CERTIFICATE,
  /// A question without a client certificate that counts, where one is demanded.
  CLIENT_CERTIFICATE,
  /// Too many requests in flight.
  BUSY;

  /// The word for it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
