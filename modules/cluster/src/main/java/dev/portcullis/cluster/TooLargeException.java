package dev.portcullis.cluster;

/// More came than is taken.
final class TooLargeException extends UnreadableAnswerException {
  private static final long serialVersionUID = 1;

  /// @param most bytes
  TooLargeException(int most) {
    super("the answer is larger than " + most + " bytes");
  }
}
