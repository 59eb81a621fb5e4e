package dev.portcullis.e2e.cluster;

/// How a kubectl ended.
///
/// @param out what it printed, and nothing of its errors and warnings
/// @param err its errors and warnings
public record Result(int code, String out, String err) {
  /// Its errors and warnings but for what servers from 1.27 on say to every annotation.
  public String complaints() {
    return err().replaceAll("(?m)^Warning: .*: non-functional in v1\\.27\\+; .*\\R?", "");
  }

  /// Whether it ended well.
  public boolean ok() {
    return code == 0;
  }
}
