package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import java.io.PrintStream;

/// Headings, and terms with text beside them.
record Page(PrintStream out, Colour colour, int width) {
  /// The column of the text, without the margin.
  private static final int INDENT = 14;

  Page(Terminal terminal) {
    this(terminal.out(), terminal.colour(), terminal.width());
  }

  void title(String text) {
    Wrap.within(text, width).forEach(line -> out.println(colour.paint(Paint.HEADING, line)));
  }

  void heading(String text) {
    out.println();
    title(text);
  }

  void line(String term, String text) {
    line(Paint.PLAIN, term, text);
  }

  /// @param paint of the term
  void line(Paint paint, String term, String text) {
    String start =
        "  " + colour.paint(paint, term) + " ".repeat(Math.max(1, INDENT - term.length()));
    String indent = "\n" + " ".repeat(INDENT + 2);
    out.println(start + String.join(indent, Wrap.words(text, width - INDENT - 2)));
  }
}
