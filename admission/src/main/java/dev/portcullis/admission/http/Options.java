package dev.portcullis.admission.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/// Where to listen, and the bounds.
///
/// @param inFlight counted requests that are worked on at once
/// @param patience how long a request may wait for its turn before it gets 503. An API server waits
///   10 seconds by default for all of it
/// @param connections open at once; one more is closed as soon as it is accepted. An API server
///   keeps up to 25 idle ones and opens more when it needs more. Each takes about 80 KiB for TLS
/// @param requestTime from the first byte of a request (or of the handshake) to the last of its
///   answer
public record Options(
    InetSocketAddress listen,
    int inFlight,
    Duration patience,
    int connections,
    Duration requestTime) {
  /// 3 MiB. An API server takes objects of 3 MB, and sends an old one along with the new one; pods
  /// stay far below, because etcd takes 1.5 MiB.
  public static final int LARGEST_BODY = 3 * 1024 * 1024;

  public Options {
    if (inFlight < 1 || connections < 1) {
      throw new IllegalArgumentException(
          "bounds below 1: " + inFlight + " in flight, " + connections + " connections");
    }
    if (patience.isNegative() || !requestTime.isPositive()) {
      throw new IllegalArgumentException(
          "no time: patience " + patience + ", request time " + requestTime);
    }
  }

  /// The bounds that are right unless somebody knows better.
  public static Options on(InetSocketAddress listen) {
    return new Options(listen, 200, Duration.ofSeconds(1), 512, Duration.ofSeconds(15));
  }

  public Options withInFlight(int inFlight) {
    return new Options(listen, inFlight, patience, connections, requestTime);
  }
}
