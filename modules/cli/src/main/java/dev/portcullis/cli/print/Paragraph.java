package dev.portcullis.cli.print;

import java.io.PrintStream;
import java.util.List;

/// Text from anywhere after a word that says what it is, broken where the terminal ends; what goes
/// on below stands under the text.
///
/// @param limit columns that no line may be wider than
public record Paragraph(PrintStream out, Colour colour, int limit) {
  /// The column of a detail's text.
  private static final int DETAIL = 14;

  /// The column of the second line after a place.
  private static final int HANGING = 4;

  /// Less is not left for text, however narrow the terminal is.
  private static final int NARROWEST = 20;

  public static Paragraph on(Terminal terminal) {
    return new Paragraph(terminal.out(), terminal.colour(), terminal.limit());
  }

  /// What stands above others.
  public void heading(String text) {
    Wrap.within(Escape.line(text), limit)
        .forEach(line -> out.println(colour.paint(Paint.HEADING, line)));
  }

  /// A word, such as `error:`, and what it is about.
  public void say(Paint paint, String word, String text) {
    lines(colour.paint(paint, word) + " ", word.length() + 1, text);
  }

  /// The same after a place in a file, as compilers write it.
  public void sayAt(String place, Paint paint, String word, String text) {
    String before = Escape.line(place) + ": ";
    String plain = before + word + " " + Escape.line(text);
    List<String> lines = Wrap.within(plain, limit);
    String first = lines.getFirst();
    // Broken within the place, the word is on no line as a whole.
    if (first.startsWith(before + word)) {
      first = before + colour.paint(paint, word) + first.substring(before.length() + word.length());
    }
    out.println(first);
    if (lines.size() > 1) {
      String rest = plain.substring(lines.getFirst().length()).strip();
      Wrap.within(rest, Math.max(NARROWEST, limit - HANGING))
          .forEach(line -> out.println(" ".repeat(HANGING) + line));
    }
  }

  /// A sentence with a painted word in it.
  public void sayWithin(String before, Paint paint, String word, String after) {
    List<String> lines = Wrap.within(Escape.line(before + word + after), limit);
    String painted = colour.paint(paint, word);
    boolean found = false;
    for (String line : lines) {
      int at = found ? -1 : line.indexOf(word);
      found |= at >= 0;
      out.println(
          at < 0 ? line : line.substring(0, at) + painted + line.substring(at + word.length()));
    }
  }

  /// More about it, below.
  public void detail(String label, String text) {
    detail(label, DETAIL, text);
  }

  /// More about it, below, after labels that are as wide as this column.
  public void detail(String label, int column, String text) {
    String start = label.isEmpty() ? "" : "  " + label + " ";
    lines(start + " ".repeat(Math.max(0, column - start.length())), column, text);
  }

  private void lines(String start, int indent, String text) {
    List<String> lines = Wrap.within(Escape.line(text), Math.max(NARROWEST, limit - indent));
    out.println(start + String.join("\n" + " ".repeat(indent), lines));
  }
}
