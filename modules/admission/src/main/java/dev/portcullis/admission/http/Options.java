package dev.portcullis.admission.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where to listen, and the bounds.
///
/// @param inFlight counted requests that are worked on at once
/// @param patience how long a request may wait for its turn before it gets 503. An API server waits
///   10 seconds by default for all of it
/// @param connections open at once; one more takes the place of one that has shown less, or is
///   closed as soon as it is accepted ([Places]). An API server keeps up to 25 idle ones and opens
///   more when it needs more. Each takes about 80 KiB for TLS
/// @param connectionsOfAddress of those, for one address (for IPv6, the first 64 bits). An API
///   server has no more than 200 changes in flight by default, and all of them may come from one
///   address
/// @param handshakeTime for TLS, from the connection on
/// @param freshTime for which a connection that has shown nothing keeps its place where no other
///   address has more of them: longer than a handshake needs
/// @param requestTime from the first byte of a request to the last of its answer
/// @param clients who may ask questions; null where everybody may who reaches the port
public record Options(
    InetSocketAddress listen,
    int inFlight,
    Duration patience,
    int connections,
    int connectionsOfAddress,
    Duration handshakeTime,
    Duration freshTime,
    Duration requestTime,
    @Nullable TrustedClients clients) {
  /// 3 MiB. An API server takes objects of 3 MB, and sends an old one along with the new one; pods
  /// stay far below, because etcd takes 1.5 MiB.
  public static final int LARGEST_BODY = 3 * 1024 * 1024;

  public Options {
    if (inFlight < 1 || connections < 1 || connectionsOfAddress < 1) {
      throw new IllegalArgumentException(
          "bounds below 1: "
              + inFlight
              + " in flight, "
              + connections
              + " connections, "
              + connectionsOfAddress
              + " of an address");
    }
    if (patience.isNegative()
        || freshTime.isNegative()
        || !requestTime.isPositive()
        || !handshakeTime.isPositive()) {
      throw new IllegalArgumentException(
          "no time: patience "
              + patience
              + ", handshake "
              + handshakeTime
              + ", request "
              + requestTime);
    }
  }

  /// The bounds that are right unless somebody knows better.
  public static Options on(InetSocketAddress listen) {
    return new Options(
        listen,
        200,
        Duration.ofSeconds(1),
        512,
        256,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(15),
        null);
  }

  public Options withInFlight(int bound) {
    return new Options(
        listen,
        bound,
        patience,
        connections,
        connectionsOfAddress,
        handshakeTime,
        freshTime,
        requestTime,
        clients);
  }

  public Options withConnections(int bound, int ofAddress) {
    return new Options(
        listen,
        inFlight,
        patience,
        bound,
        ofAddress,
        handshakeTime,
        freshTime,
        requestTime,
        clients);
  }

  public Options withClients(@Nullable TrustedClients trusted) {
    return new Options(
        listen,
        inFlight,
        patience,
        connections,
        connectionsOfAddress,
        handshakeTime,
        freshTime,
        requestTime,
        trusted);
  }
}
