package dev.portcullis.seccomp.meaning;

/// What filters do cannot be said within the {@link Bounds}. {@link FilterSemantics#ask} makes a
/// value of it.
final class TooComplexException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooComplexException(String what) {
    super(what, null, false, false);
  }

  /// The words of it for a person.
  String reason() {
    return "the filter is too complex: " + getMessage();
  }
}
