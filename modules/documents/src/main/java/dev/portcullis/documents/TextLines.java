package dev.portcullis.documents;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The lines of a text, which end with a line feed, a carriage return, or both. Where they end is
/// looked for once: a file may be one line of many objects, each of which is edited.
final class TextLines {
  private final String text;

  /// The offsets of all breaks, ascending; of `\r\n`, of both.
  private final int[] breaks;

  TextLines(String text) {
    this.text = text;
    this.breaks =
        IntStream.range(0, text.length()).filter(at -> isBreak(text.charAt(at))).toArray();
  }

  /// How many breaks stand before an offset.
  private int breaksBefore(int offset) {
    int found = Arrays.binarySearch(breaks, offset);
    return found < 0 ? -found - 1 : found;
  }

  /// The first offset of the line of an offset.
  int start(int offset) {
    int before = breaksBefore(offset);
    return before == 0 ? 0 : breaks[before - 1] + 1;
  }

  /// The first offset of the line before one.
  ///
  /// @param start the first offset of a line that is not the first
  int previous(int start) {
    return start(start - (text.startsWith("\r\n", start - 2) ? 2 : 1));
  }

  /// The offset of the break that ends the line of an offset; the length of the text where none
  /// does.
  int end(int offset) {
    int before = breaksBefore(offset);
    return before == breaks.length ? text.length() : breaks[before];
  }

  /// The first offset of the next line; the length of the text where there is none.
  int next(int offset) {
    int end = end(offset);
    return end + lineBreak(end).length();
  }

  /// The break at an offset; empty where none is there.
  private String lineBreak(int at) {
    if (text.startsWith("\r\n", at)) {
      return "\r\n";
    }
    return at < text.length() && isBreak(text.charAt(at)) ? text.substring(at, at + 1) : "";
  }

  /// The break that ends the line of an offset, or else the first line of the text.
  String breakAt(int offset) {
    String own = lineBreak(end(offset));
    String first = lineBreak(end(0));
    return own.isEmpty() ? (first.isEmpty() ? "\n" : first) : own;
  }

  /// What stands in the line of an offset before it.
  String before(int offset) {
    return text.substring(start(offset), offset);
  }

  /// Whether only blanks stand in the line of an offset before it.
  boolean isFirst(int offset) {
    int at = start(offset);
    while (at < offset && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at == offset;
  }

  /// The offset of the comment that follows in the line of an offset, with nothing but blanks
  /// before it; that of the end of the line where only blanks follow; -1 where something else does.
  int restOfLine(int offset) {
    int at = offset;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    if (at == end(offset)) {
      return at;
    }
    return text.charAt(at) == '#' && at > offset ? at : -1;
  }

  /// Blanks as many as there are characters before an offset in its line.
  String column(int offset) {
    int start = start(offset);
    return " ".repeat(text.codePointCount(start, offset));
  }

  static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
