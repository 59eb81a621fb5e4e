package dev.portcullis.documents;

import java.util.Map;

/// How an entry is written among others: the text of an entry in the style of its neighbours.
sealed interface EntryText {

  /// An entry, without what parts it from others.
  String entry(String key, Value value);

  /// In lines of their own, below each other.
  ///
  /// @param indent before the key
  /// @param step what is added to it for an object within
  /// @param lineBreak ends each line but the last
  record Block(Quotes quotes, String indent, String step, String lineBreak) implements EntryText {
    @Override
    public String entry(String key, Value value) {
      return indent
          + quotes.text(key)
          + (value instanceof Mapping mapping
              ? ":" + lineBreak + members(mapping)
              : ": " + quotes.text(text(value)));
    }

    /// The entries of an object that stands under a key with this indent.
    String members(Mapping mapping) {
      Block inner = new Block(quotes, indent + step, step, lineBreak);
      StringBuilder lines = new StringBuilder();
      for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
        lines.append(lines.isEmpty() ? "" : lineBreak);
        lines.append(inner.entry(entry.getKey(), entry.getValue().value()));
      }
      return lines.toString();
    }
  }

  /// In braces, on one line.
  ///
  /// @param quotes around keys and strings
  /// @param colon with the blanks after it
  /// @param comma with the blanks after it
  /// @param padding inside the braces
  record Line(Quotes quotes, String colon, String comma, String padding) implements EntryText {
    @Override
    public String entry(String key, Value value) {
      return quotes.text(key)
          + colon
          + (value instanceof Mapping mapping ? object(mapping) : quotes.text(text(value)));
    }

    @Override
    public String object(Mapping mapping) {
      StringBuilder line = new StringBuilder("{").append(padding);
      boolean first = true;
      for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
        line.append(first ? "" : comma).append(entry(entry.getKey(), entry.getValue().value()));
        first = false;
      }
      return line.append(padding).append('}').toString();
    }
  }

  /// In braces, a line for each entry.
  ///
  /// @param indent before the key
  /// @param step what is added to it for an object within
  record Lines(Quotes quotes, String colon, String indent, String step, String lineBreak)
      implements EntryText {
    @Override
    public String entry(String key, Value value) {
      return quotes.text(key)
          + colon
          + (value instanceof Mapping mapping ? object(mapping) : quotes.text(text(value)));
    }

    @Override
    public String object(Mapping mapping) {
      Lines inner = new Lines(quotes, colon, indent + step, step, lineBreak);
      StringBuilder lines = new StringBuilder("{");
      boolean first = true;
      for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
        lines
            .append(first ? "" : ",")
            .append(lineBreak)
            .append(inner.indent)
            .append(inner.entry(entry.getKey(), entry.getValue().value()));
        first = false;
      }
      return lines.append(lineBreak).append(indent).append('}').toString();
    }
  }

  /// Around keys and strings.
  enum Quotes {
    /// Where YAML wants them.
    YAML,
    /// Double ones, in YAML.
    DOUBLE,
    /// Those of JSON.
    JSON;

    String text(String text) {
      return switch (this) {
        case YAML -> YamlWriter.text(text);
        case DOUBLE -> YamlWriter.quoted(text);
        case JSON -> JsonWriter.compact(new Value.Text(Position.NONE, text));
      };
    }
  }

  /// An object in braces.
  ///
  /// @throws UnsupportedOperationException in block style, which has none
  default String object(Mapping mapping) {
    throw new UnsupportedOperationException("block style has no braces");
  }

  private static String text(Value value) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    throw new IllegalArgumentException("only strings and objects are written, not " + value);
  }
}
