package dev.portcullis.admission.certificate;

/// Certificate or key as given are of no use; the message says which, and what to do.
final class UnusableException extends Exception {
  private static final long serialVersionUID = 1;

  UnusableException(String message) {
    super(message);
  }

  UnusableException(String message, Exception cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
