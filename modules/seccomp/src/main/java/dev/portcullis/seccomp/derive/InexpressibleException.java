package dev.portcullis.seccomp.derive;

/// No rule of a profile can say it.
final class InexpressibleException extends Exception {
  private static final long serialVersionUID = 1;

  InexpressibleException(String message) {
    super(message);
  }
}
