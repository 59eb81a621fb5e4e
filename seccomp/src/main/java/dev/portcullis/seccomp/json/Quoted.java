package dev.portcullis.seccomp.json;

/// Text of a file inside a message: in quotes, one line, not endless.
final class Quoted {
  private static final int LONGEST = 60;

  private Quoted() {}

  static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            quoted.append("\\u%04x".formatted(c));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    if (text.codePointCount(0, text.length()) > LONGEST) {
      quoted.append("...");
    }
    return quoted.append('"').toString();
  }
}
