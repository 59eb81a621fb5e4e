package dev.portcullis.seccomp.meaning;

/// What filters do cannot be said within the {@link Bounds}. Nothing may be concluded from it.
///
/// Thrown by everything that is asked of a {@link Meaning} and of what comes of it.
public final class TooComplexException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooComplexException(String what) {
    super(what, null, false, false);
  }

  /// The words of it for a person.
  public String reason() {
    return "the filter cannot be decided: " + getMessage();
  }
}
