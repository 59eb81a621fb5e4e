package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/// An answer. Only [ResponseWriter] writes it to a client, with its type and length, and the
/// connection ends with it where it has `Connection: close`.
///
/// @param headers more of them
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would cost
public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {
  public Response {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("no final HTTP status: " + status);
    }
    headers = Map.copyOf(headers);
  }

  public Response(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }

  /// 200 with a JSON document.
  public static Response json(byte[] body) {
    return new Response(200, "application/json", body);
  }

  /// A line for a person or a probe.
  public static Response text(int status, String line) {
    return text(status, line, Map.of());
  }

  static Response text(int status, String line, Map<String, String> headers) {
    return new Response(
        status, "text/plain; charset=utf-8", (line + "\n").getBytes(UTF_8), headers);
  }

  /// Without its body, for HEAD.
  Response bare() {
    return new Response(status, contentType, new byte[0], headers);
  }

  @Override
  public String toString() {
    return "Response[" + status + ", " + body.length + " bytes]";
  }
}
