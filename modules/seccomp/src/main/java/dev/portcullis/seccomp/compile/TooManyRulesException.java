package dev.portcullis.seccomp.compile;

/// A profile has more rules than libseccomp is asked for here, so that it is not known what it
/// would make of them: a runtime asks it for as many as there are.
final class TooManyRulesException extends Exception {
  private static final long serialVersionUID = 1;

  TooManyRulesException(String message) {
    super(message);
  }
}
