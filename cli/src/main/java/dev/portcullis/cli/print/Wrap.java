package dev.portcullis.cli.print;

import java.util.ArrayList;
import java.util.List;

/// Text broken between words.
public final class Wrap {
  private Wrap() {}

  /// Lines of at most a width; a longer word has a line of its own. At least one line.
  public static List<String> words(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
