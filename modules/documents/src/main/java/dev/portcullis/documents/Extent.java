package dev.portcullis.documents;

/// The part of a text in which a value stands.
///
/// @param start offset of its first character, or of its anchor or tag
/// @param end offset after its last character; after that of its last member where it is in block
///   style
public record Extent(int start, int end, Form form) {

  /// How a value is written.
  public enum Form {
    /// An object or a list by indentation, whose last scalar is not a block scalar.
    BLOCK,
    /// An object or a list in braces or brackets.
    FLOW,
    /// A scalar, plain or in quotes; without characters where it is YAML's empty null.
    SCALAR,
    /// A scalar after `|` or `>`, or an object or a list in block style that ends with one. What
    /// stands right behind it can belong to it.
    BLOCK_SCALAR,
    /// An alias: the value stands elsewhere.
    ALIAS
  }

  /// Whether an offset is inside.
  boolean contains(int offset) {
    return offset >= start && offset < end;
  }
}
