package dev.portcullis.cli.print;

import java.util.ArrayList;
import java.util.List;

/// Text broken where a line ends.
public final class Wrap {
  /// Where a name may be broken: after one of these.
  private static final String SEPARATORS = "/-.,:_;=(|";

  private static final char NO_BREAK = '\u00a0';
  private static final String CONTINUATION = " \\";

  private Wrap() {}

  /// Lines of at most a width; a longer word has a line of its own. At least one line.
  public static List<String> words(String text, int width) {
    return lines(text, width, false);
  }

  /// Lines of at most a width, whatever the text: between words, else within a name after one of
  /// its separators, else anywhere. Nothing is left out but the blanks at the ends of lines. At
  /// least one line.
  ///
  /// @param text without colours
  public static List<String> within(String text, int width) {
    if (DisplayWidth.of(text) <= width) {
      return List.of(text);
    }
    return lines(text, width, true);
  }

  /// A command line, as a shell takes it when it is broken: between its words, with a backslash
  /// where it goes on.
  ///
  /// @param indent blanks before the second line and those after it, within the width
  public static String command(String text, int width, int indent) {
    var bound = new StringBuilder(text);
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      quoted ^= text.charAt(i) == '\'';
      if (quoted && text.charAt(i) == ' ') {
        bound.setCharAt(i, NO_BREAK);
      }
    }
    // No line ends between an option and its value.
    String words = bound.toString().replaceAll("( --?[^ ]+) (?!-)", "$1" + NO_BREAK);
    return String.join(
            CONTINUATION + "\n" + " ".repeat(indent),
            words(words, width - indent - CONTINUATION.length()))
        .replace(NO_BREAK, ' ');
  }

  private static List<String> lines(String text, int width, boolean within) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (String word : text.split(" ", -1)) {
      String rest = word;
      int columns = DisplayWidth.of(rest);
      if (!line.isEmpty() && used + 1 + columns > width) {
        lines.add(line.toString());
        line.setLength(0);
        used = 0;
      }
      while (within && columns > width) {
        int end = end(rest, width);
        if (end == rest.length()) {
          // One character that is wider than the line.
          break;
        }
        lines.add(rest.substring(0, end));
        rest = rest.substring(end);
        columns = DisplayWidth.of(rest);
      }
      used += columns + (line.isEmpty() ? 0 : 1);
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    lines.add(line.toString());
    return lines;
  }

  /// Where a word that is too long is broken; not at its beginning. What follows a separator, or
  /// begins with a capital, stays whole where a line can hold it.
  private static int end(String word, int width) {
    int most = fitting(word, width);
    List<Integer> breaks = new ArrayList<>();
    for (int at = 1; at <= most; at++) {
      if (isBreak(word, at)) {
        breaks.add(at);
      }
    }
    if (breaks.isEmpty()) {
      return most;
    }
    int last = breaks.getLast();
    // What is cut anyway fills the line, unless little is gained by it.
    return DisplayWidth.of(piece(word, last)) <= width || last > width / 3 ? last : most;
  }

  /// How much of a word a line can hold: one character at least.
  private static int fitting(String word, int width) {
    int columns = 0;
    int index = 0;
    while (index < word.length()) {
      int next = index + Character.charCount(word.codePointAt(index));
      columns += DisplayWidth.of(word.substring(index, next));
      if (columns > width && index > 0) {
        break;
      }
      index = next;
      if (columns > width) {
        break;
      }
    }
    return index;
  }

  /// Whether a word may go on below from here: after a separator, or before the capital of a word
  /// within it, as in `seccompProfile`.
  private static boolean isBreak(String word, int at) {
    if (at >= word.length()) {
      return false;
    }
    char before = word.charAt(at - 1);
    char after = word.charAt(at);
    // Not within `://`, and not before what closes or goes on: `a.,b`.
    return SEPARATORS.indexOf(before) >= 0
        ? SEPARATORS.indexOf(after) < 0
        : Character.isLowerCase(before) && Character.isUpperCase(after);
  }

  /// What stands between a place and the next one where a word may be broken.
  private static String piece(String word, int from) {
    int to = from + 1;
    while (to < word.length() && !isBreak(word, to)) {
      to++;
    }
    return word.substring(from, Math.min(to, word.length()));
  }

  /// The columns that a text needs so that no name in it is cut.
  static int uncut(String text) {
    int widest = 0;
    for (String word : text.split(" ", -1)) {
      for (int at = 0; at < word.length(); ) {
        String piece = piece(word, at);
        widest = Math.max(widest, DisplayWidth.of(piece));
        at += piece.length();
      }
    }
    return widest;
  }
}
