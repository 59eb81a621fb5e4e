package dev.portcullis.e2e.cluster;

/// How a kubectl ended.
///
/// @param out what it printed, and nothing of its errors and warnings
/// @param err its errors and warnings
public record Result(int code, String out, String err) {
  /// Whether it ended well.
  public boolean ok() {
    return code == 0;
  }
}
