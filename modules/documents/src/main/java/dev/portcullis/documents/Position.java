package dev.portcullis.documents;

/// A place in a document: line and column, both counted from 1.
public record Position(int line, int column) {

  /// The position of a value that was made, not read.
  public static final Position NONE = new Position(0, 0);

  @Override
  public String toString() {
    return line == 0 ? "-" : line + ":" + column;
  }
}
