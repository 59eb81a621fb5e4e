package dev.portcullis.documents;

import java.util.List;

/// What came of reading a file as a program in Go does.
public sealed interface GoDecodeResult {

  /// The program goes on with this.
  ///
  /// @param value the fields that it knows, under their own names, each once
  /// @param surprises where the file means something else to a person, in its order; the first
  ///   {@value GoReader#MOST_SURPRISES}
  record Decoded(Mapping value, List<Surprise> surprises) implements GoDecodeResult {
    public Decoded {
      surprises = List.copyOf(surprises);
    }
  }

  /// The program refuses the file: it is not JSON.
  record Malformed(Position at, String message) implements GoDecodeResult {}

  /// The program refuses the file: a value is of another type than its field. It does so also where
  /// the same key stands a second time, with a value of the right type.
  record WrongType(Position at, String message) implements GoDecodeResult {}

  /// A place where the program reads something else than what seems to stand there.
  ///
  /// @param key as it is written; empty where it is not about a key
  /// @param field that the key is taken for; empty where there is none
  record Surprise(Kind kind, Position at, String key, String field) {

    public enum Kind {
      /// A key that is a field's name but for its case.
      FOLDED,
      /// A field that stands twice in one object.
      TWICE,
      /// A key that no field has: it is skipped.
      SKIPPED,
      /// Text that is not Unicode, in which U+FFFD takes the place of what is not.
      REPLACED
    }
  }
}
