/// The one HTTPS port: TLS, limits, and one place that writes answers. It knows nothing of pods; a
/// [Route] is given the bytes of a request and returns a [Response].
///
/// Built on Netty, which no other package sees: event loops read and write, and each request is
/// worked on by a virtual thread, which may wait. HTTP/1.1 only: an API server opens one connection
/// for each review under way, and keeps 25.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.http;
