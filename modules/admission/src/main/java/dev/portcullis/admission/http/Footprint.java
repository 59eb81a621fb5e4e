package dev.portcullis.admission.http;

/// How much memory a body of JSON takes once it is read.
final class Footprint {
  /// Bytes for each comma, colon, brace and bracket: measured, an object `{"a":0}` in a list has
  /// three of them and takes 242, a key with a number two and 197 (JDK 25, compact headers).
  private static final int EACH = 100;

  private Footprint() {}

  /// An upper bound, in KiB, as they may also stand in texts. Such texts are often JSON, and read,
  /// too.
  static int kib(byte[] body) {
    long signs = 0;
    for (byte each : body) {
      if (each == ',' || each == ':' || each == '{' || each == '[') {
        signs++;
      }
    }
    return (int) ((signs * EACH + 2L * body.length) / 1024) + 1;
  }
}
