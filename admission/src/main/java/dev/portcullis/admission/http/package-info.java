/// The one HTTPS port: TLS, limits, and one place that writes answers. It knows nothing of pods; a
/// [Route] is given the bytes of a request and returns a [Response].
///
/// Built on the JDK's own server, `com.sun.net.httpserver`, which no other room sees. What looks
/// odd and is meant, all of it about that server in JDK 25:
///
/// - Its own time limits are off. The thread that enforces them closes a connection with a last TLS
///   record, and waits there for good when the client does not read: then no limit holds for
///   anyone. [Exchanges] has the limit instead.
/// - It looks up the client's name for every connection, in native code that holds a whole
///   processor's carrier thread. [NoReverseLookup] keeps that from reaching a DNS server.
/// - Its other limits are system properties, read once: [ServerProperties].
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.http;
