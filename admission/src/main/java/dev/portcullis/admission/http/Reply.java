package dev.portcullis.admission.http;

import java.util.Map;

/// A response with what only this room adds to it.
///
/// @param last whether the connection must end with it
record Reply(Response response, Map<String, String> headers, boolean last) {
  static final Reply NO_SUCH_PATH = of(Response.text(404, "there is nothing at this path"));
  static final Reply NOT_JSON =
      of(Response.text(415, "send the request as Content-Type: application/json"));
  static final Reply TOO_LARGE =
      new Reply(
          Response.text(413, "the body is larger than " + Options.LARGEST_BODY + " bytes"),
          Map.of(),
          true);
  static final Reply BUSY =
      new Reply(
          Response.text(503, "too many requests are in flight; try again"),
          Map.of("Retry-After", "1"),
          false);

  /// Says nothing of the reason: that is in the log.
  static final Reply BUG =
      of(Response.text(500, "internal error; the webhook's log has the reason"));

  static Reply of(Response response) {
    return new Reply(response, Map.of(), false);
  }

  static Reply wrongMethod(Route.Method right) {
    return new Reply(
        Response.text(405, "use " + right.name()), Map.of("Allow", right.name()), false);
  }
}
