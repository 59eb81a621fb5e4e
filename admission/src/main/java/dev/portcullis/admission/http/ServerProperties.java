package dev.portcullis.admission.http;

import java.util.Map;

/// The limits of the JDK's server that are system properties. It reads them once, when its class is
/// loaded, so this must run before: two servers in one process share the numbers of the first. A
/// property that is set on the command line stays.
final class ServerProperties {
  private ServerProperties() {}

  static void set(Options options) {
    String connections = Integer.toString(options.connections());
    Map.of(
            // One more is closed as soon as it is accepted.
            "jdk.httpserver.maxConnections",
            connections,
            // An idle connection above this is closed, and whoever just sent a request on it sees
            // an
            // error. The bound on all connections is enough.
            "sun.net.httpserver.maxIdleConnections",
            connections,
            // Seconds. Longer than the 90 s after which an API server closes an idle connection
            // itself (k8s.io/apimachinery, net.SetOldTransportDefaults): where both would close, a
            // review sent at that moment is lost, and Go does not repeat a POST.
            "sun.net.httpserver.idleInterval",
            "120",
            // An answer larger than a packet would wait for the client's delayed acknowledgement.
            "sun.net.httpserver.nodelay",
            "true",
            // Bytes of all headers; an API server sends about 300.
            "sun.net.httpserver.maxReqHeaderSize",
            "16384",
            // A TLS 1.2 client may not ask for handshake after handshake.
            "jdk.tls.rejectClientInitiatedRenegotiation",
            "true")
        .forEach((property, value) -> {
          if (System.getProperty(property) == null) {
            System.setProperty(property, value);
          }
        });
  }
}
