package dev.portcullis.documents;

/// Text from outside, made so that it can only be what it shows.
///
/// A name may hold escape sequences that rewrite a screen, or bidirectional overrides that show
/// `unconfined` as something else. Whatever does not print itself in the place where it stands is
/// shown by its number: as a backslash, then `x1b` or `u{202e}`.
public final class VisibleText {
  private VisibleText() {}

  /// Text on one line: line feeds and tabs are shown by their numbers too.
  public static String line(String text) {
    return escape(text, false);
  }

  /// Text of several lines: line feeds and tabs stay.
  public static String block(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean block) {
    int length = text.length();
    int index = 0;
    while (index < length && isPlain(text.charAt(index), block)) {
      index++;
    }
    if (index == length) {
      return text;
    }
    StringBuilder out = new StringBuilder(length + 16).append(text, 0, index);
    while (index < length) {
      int point = text.codePointAt(index);
      index += Character.charCount(point);
      if (point < 0x80 ? isPlain((char) point, block) : isHarmless(point)) {
        out.appendCodePoint(point);
      } else if (point < 0x100) {
        out.append("\\x").append(hex(point, 2));
      } else {
        out.append("\\").append("u{").append(hex(point, 4)).append('}');
      }
    }
    return out.toString();
  }

  private static boolean isPlain(char c, boolean block) {
    return (c >= ' ' && c < 0x7f) || (block && (c == '\n' || c == '\t'));
  }

  /// FORMAT has the bidirectional controls and what has no width; without a glyph of its own a
  /// character can hide.
  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> !isBlank(point);
    };
  }

  /// Blanks that are not spaces (U+00A0, U+3000 ...) and letters that show nothing (the Hangul
  /// fillers, the braille blank, the variation selectors).
  private static boolean isBlank(int point) {
    return Character.getType(point) == Character.SPACE_SEPARATOR
        || point == 0x115f
        || point == 0x1160
        || point == 0x3164
        || point == 0xffa0
        || point == 0x2800
        || point == 0x034f
        || (point >= 0xfe00 && point <= 0xfe0f)
        || (point >= 0xe0100 && point <= 0xe01ef);
  }

  private static String hex(int point, int digits) {
    String hex = Integer.toHexString(point);
    return "0".repeat(Math.max(0, digits - hex.length())) + hex;
  }
}
