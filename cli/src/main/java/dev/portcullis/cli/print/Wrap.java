package dev.portcullis.cli.print;

import java.util.ArrayList;
import java.util.List;

/// Text broken where a line ends.
public final class Wrap {
  /// Where a name may be broken: after one of these.
  private static final String SEPARATORS = "/-.,:_;=(|";

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

  /// Where a word that is too long is broken; not at its beginning.
  private static int end(String word, int width) {
    int columns = 0;
    int index = 0;
    int best = 0;
    while (index < word.length()) {
      int next = index + Character.charCount(word.codePointAt(index));
      columns += DisplayWidth.of(word.substring(index, next));
      if (columns > width) {
        break;
      }
      index = next;
      if (SEPARATORS.indexOf(word.charAt(index - 1)) >= 0) {
        best = index;
      }
    }
    // A separator at the very beginning leaves most of the line empty.
    if (best > width / 3) {
      return best;
    }
    return index == 0 ? Character.charCount(word.codePointAt(0)) : index;
  }
}
