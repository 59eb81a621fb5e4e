package dev.portcullis.documents;

/// One value of a document, with the place where it stands.
///
/// A value that a YAML alias repeats is the same object in every place; its position is the
/// anchor's.
public sealed interface Value
    permits Mapping, Sequence, Value.Text, Value.Numeral, Value.Truth, Value.Null {

  /// Where the value begins.
  Position at();

  /// The kind of value in the words of a person who reads JSON, with its article: `a string`.
  default String kind() {
    return switch (this) {
      case Mapping _ -> "an object";
      case Sequence _ -> "a list";
      case Text _ -> "a string";
      case Numeral _ -> "a number";
      case Truth _ -> "a boolean";
      case Null _ -> "null";
    };
  }

  /// A string.
  record Text(Position at, String value) implements Value {}

  /// A number, as it was written: JSON and YAML bound neither its size nor its precision.
  record Numeral(Position at, String literal) implements Value {}

  /// A boolean.
  record Truth(Position at, boolean value) implements Value {}

  /// JSON's `null`, and YAML's `~`, `null` or nothing.
  record Null(Position at) implements Value {}
}
