package dev.portcullis.node.pod;

/// A container that should have a filter and, in the kernel's words, has none.
final class UnfilteredException extends Exception {
  private static final long serialVersionUID = 1;

  UnfilteredException(String message) {
    super(message, null, false, false);
  }
}
