package dev.portcullis.documents;

/// Carries the first problem out of the depth of a reader; {@link Documents} turns it into a value.
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ParseResult.Malformed reading;

  MalformedException(Position at, String message) {
    super(message, null, false, false);
    reading = new ParseResult.Malformed(at, message);
  }

  ParseResult.Malformed toReading() {
    return reading;
  }
}
