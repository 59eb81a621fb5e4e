package dev.portcullis.cluster;

import java.io.IOException;

/// What came cannot be read, and would not be when it came again.
class UnreadableAnswerException extends IOException {
  private static final long serialVersionUID = 1;

  UnreadableAnswerException(String message) {
    super(message);
  }
}
