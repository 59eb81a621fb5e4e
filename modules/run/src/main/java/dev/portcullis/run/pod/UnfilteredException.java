package dev.portcullis.run.pod;

/// A container that, in the kernel's words, is not as it should be: without its filter, or with
/// more rights than were asked for.
final class UnfilteredException extends Exception {
  private static final long serialVersionUID = 1;

  UnfilteredException(String message) {
    super(message, null, false, false);
  }
}
