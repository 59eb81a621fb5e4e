package dev.portcullis.documents;

import java.util.List;

/// What came of reading a file: its documents, or the first place where it is wrong.
public sealed interface ParseResult {

  /// Every document of the file, in order. Documents without content are left out.
  record Documents(List<Value> values) implements ParseResult {
    public Documents {
      values = List.copyOf(values);
    }
  }

  /// The file cannot be read.
  ///
  /// @param at where, or {@link Position#NONE} where it is not about one place
  /// @param message what is wrong and what to do, without the file's name
  record Malformed(Position at, String message) implements ParseResult {}
}
