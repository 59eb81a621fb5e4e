package dev.portcullis.seccomp.meaning;

/// The diagrams of a filter grow beyond the bound.
final class TooComplexException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooComplexException(String what) {
    super(what, null, false, false);
  }
}
