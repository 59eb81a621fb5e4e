package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/// An answer. Only [RequestRouter] writes it to a client.
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would cost
public record Response(int status, String contentType, byte[] body) {
  public Response {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("no final HTTP status: " + status);
    }
  }

  /// 200 with a JSON document.
  public static Response json(byte[] body) {
    return new Response(200, "application/json", body);
  }

  /// A line for a person or a probe.
  public static Response text(int status, String line) {
    return new Response(status, "text/plain; charset=utf-8", (line + "\n").getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return "Response[" + status + ", " + body.length + " bytes]";
  }
}
