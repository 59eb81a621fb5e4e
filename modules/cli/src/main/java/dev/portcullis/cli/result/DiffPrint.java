package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.TextEdit;
import dev.portcullis.documents.UnifiedDiff;
import java.io.PrintStream;
import java.util.List;

/// Prints the edits of a file as `diff -u` does, for people and for patch(1).
public final class DiffPrint {
  private static final String UNENDED = "\\ No newline at end of file";

  private final PrintStream out;
  private final Colour colour;

  public DiffPrint(Terminal terminal) {
    out = terminal.out();
    colour = terminal.colour();
  }

  /// One file.
  ///
  /// @param before its text
  public void print(String file, String before, List<TextEdit> edits) {
    line(Paint.HEADING, "--- " + Escape.line(file));
    line(Paint.HEADING, "+++ " + Escape.line(file));
    for (UnifiedDiff.Hunk hunk : UnifiedDiff.of(before, edits)) {
      line(Paint.NAME_1, hunk.header());
      for (UnifiedDiff.Line line : hunk.lines()) {
        print(line);
      }
    }
  }

  private void print(UnifiedDiff.Line line) {
    Paint paint =
        switch (line.side()) {
          case BOTH -> Paint.PLAIN;
          case OLD -> Paint.BAD;
          case NEW -> Paint.GOOD;
        };
    // The carriage return of a line break does no harm at the end of a line, and patch wants it.
    boolean carriageReturn = line.text().endsWith("\r");
    String text = carriageReturn ? line.text().substring(0, line.text().length() - 1) : line.text();
    line(paint, line.side().sign() + Escape.block(text), carriageReturn ? "\r\n" : "\n");
    if (line.unended()) {
      line(Paint.FAINT, UNENDED);
    }
  }

  private void line(Paint paint, String text) {
    line(paint, text, "\n");
  }

  private void line(Paint paint, String text, String end) {
    out.print(colour.paint(paint, text) + end);
  }
}
