package dev.portcullis.cli.print;

import dev.portcullis.documents.VisibleText;

/// Makes text from outside harmless on a terminal, as {@link VisibleText} does everywhere.
public final class Escape {
  private Escape() {}

  /// Text on one line: line feeds and tabs are shown by their numbers too.
  public static String line(String text) {
    return VisibleText.line(text);
  }

  /// Text of several lines: line feeds and tabs stay.
  public static String block(String text) {
    return VisibleText.block(text);
  }
}
