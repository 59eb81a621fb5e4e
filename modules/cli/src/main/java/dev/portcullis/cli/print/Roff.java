package dev.portcullis.cli.print;

/// A page in the language of man(7).
public final class Roff {
  private final StringBuilder page = new StringBuilder();

  /// @param title in capitals
  /// @param source the program and its version
  /// @param manual that the page is one of
  public Roff(String title, String source, String manual) {
    page.append(".TH ")
        .append(plain(title))
        .append(" 1 \"\" \"")
        .append(plain(source))
        .append("\" \"")
        .append(plain(manual))
        .append("\"\n");
  }

  public Roff section(String title) {
    page.append(".SH ").append(plain(title)).append('\n');
    return this;
  }

  /// A line that has its letters already.
  public Roff line(String line) {
    page.append(guarded(line)).append('\n');
    return this;
  }

  /// A line that has its letters already, apart from what is above.
  public Roff paragraph(String line) {
    page.append(".PP\n");
    return line(line);
  }

  public Roff text(String text) {
    return paragraph(plain(text));
  }

  /// A term that has its letters already, and what it means.
  public Roff term(String term, String meaning) {
    page.append(".TP\n");
    return line(term).line(plain(meaning));
  }

  /// Something to type.
  public Roff example(String meaning, String command) {
    text(meaning);
    page.append(".PP\n.RS 4\n.EX\n");
    line(plain(command));
    page.append(".EE\n.RE\n");
    return this;
  }

  public static String bold(String text) {
    return "\\fB" + plain(text) + "\\fR";
  }

  public static String italic(String text) {
    return "\\fI" + plain(text) + "\\fR";
  }

  /// Text whose signs stay what they are: groff prints a bare hyphen, quote, caret or tilde as a
  /// typographic one (groff_char(7)), which cannot be copied into a shell.
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char sign = text.charAt(i);
      plain.append(
          switch (sign) {
            case '\\' -> "\\e";
            case '-' -> "\\-";
            case '\'' -> "\\(aq";
            case '"' -> "\\(dq";
            case '`' -> "\\(ga";
            case '^' -> "\\(ha";
            case '~' -> "\\(ti";
            default -> String.valueOf(sign);
          });
    }
    return plain.toString();
  }

  /// A line that begins with a dot would be a request.
  private static String guarded(String line) {
    return line.startsWith(".") ? "\\&" + line : line;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
