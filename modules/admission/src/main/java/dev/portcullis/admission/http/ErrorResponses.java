package dev.portcullis.admission.http;

import java.util.Map;

/// What is answered where no handler was asked, or one failed.
final class ErrorResponses {
  static final Response NOT_HTTP =
      Response.text(400, "this is not an HTTP/1.1 request that this server supports");
  static final Response NO_SUCH_PATH = Response.text(404, "nothing is served at this path");
  static final Response NOT_JSON =
      Response.text(415, "send the request as Content-Type: application/json");
  static final Response TOO_LARGE =
      Response.text(413, "the body is larger than " + Options.LARGEST_BODY + " bytes");
  static final Response NO_BODY =
      Response.text(413, "a page is asked for without a body; send none");
  static final Response BUSY =
      Response.text(
          503,
          "too many requests are in flight; try again",
          Map.of("Retry-After", "1", "Connection", "close"));

  /// Does not give the reason: that is in the log.
  static final Response BUG =
      Response.text(500, "internal error; the webhook's log has the reason");

  private ErrorResponses() {}

  static Response wrongMethod(Route.Method right) {
    return Response.text(405, "use " + right.name(), Map.of("Allow", right.name()));
  }
}
