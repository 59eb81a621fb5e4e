package dev.portcullis.seccomp.finding;

/// Untrusted text inside a message: one line, not endless, nothing for a terminal to obey.
public final class QuotedText {
  private static final int LONGEST = 60;
  private static final int LONGEST_PATH = 4096;

  private QuotedText() {}

  /// The text in quotes.
  public static String of(String text) {
    return of(text, LONGEST);
  }

  /// A path, quoted if it has characters that do not print.
  public static String path(String path) {
    return path.codePoints().allMatch(QuotedText::prints) ? path : of(path, LONGEST_PATH);
  }

  private static String of(String text, int longest) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(longest)
        .forEach(c -> {
          if (prints(c)) {
            quoted.appendCodePoint(c);
          } else {
            quoted.append("\\u%04x".formatted(c));
          }
        });
    if (text.codePointCount(0, text.length()) > longest) {
      quoted.append("...");
    }
    return quoted.append('"').toString();
  }

  private static boolean prints(int c) {
    return !Character.isISOControl(c)
        && switch (Character.getType(c)) {
          case Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              false;
          default -> true;
        };
  }
}
