package dev.portcullis.seccomp.meaning;

/// Values in a row, unsigned, both ends included.
public record Range(long from, long to) {

  /// Whether it is one value.
  public boolean isSingle() {
    return from == to;
  }
}
