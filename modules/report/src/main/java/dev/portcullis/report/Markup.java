package dev.portcullis.report;

import dev.portcullis.documents.VisibleText;

/// Writes elements of HTML and SVG. Every text and every value of an attribute is escaped here, and
/// there is no other way to write one: what a name holds stays text.
final class Markup {
  /// No text is longer, so that one of megabytes does not make such a page.
  private static final int LONGEST = 4_000;

  private final StringBuilder out = new StringBuilder(1 << 16);

  /// Begins an element.
  ///
  /// @param tag of ours
  /// @param attributes names of ours and values, by turns
  Markup open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      append(attributes[i + 1]);
      out.append('"');
    }
    out.append('>');
    return this;
  }

  /// Ends an element.
  Markup close(String tag) {
    out.append("</").append(tag).append('>');
    return this;
  }

  /// Text, where it stands.
  Markup text(String text) {
    append(text);
    return this;
  }

  /// A whole element with a text in it.
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /// Ends a line, for those who read the source.
  Markup line() {
    out.append('\n');
    return this;
  }

  /// What is written in this module, and holds nothing from outside.
  Markup constant(String constant) {
    out.append(constant);
    return this;
  }

  private void append(String text) {
    String visible = VisibleText.line(Words.shortened(text, LONGEST));
    for (int i = 0; i < visible.length(); i++) {
      char c = visible.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
