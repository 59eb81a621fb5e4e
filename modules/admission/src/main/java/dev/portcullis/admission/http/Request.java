package dev.portcullis.admission.http;

/// What a handler may know of a request.
///
/// @param query what follows `?`, empty where nothing does; an API server sends `timeout=5s`
/// @param body complete, at most {@link Options#LARGEST_BODY} bytes; empty for a GET
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would cost
public record Request(String query, byte[] body) {
  @Override
  public String toString() {
    return "Request[" + body.length + " bytes]";
  }
}
