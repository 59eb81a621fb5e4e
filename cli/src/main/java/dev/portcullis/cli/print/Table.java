package dev.portcullis.cli.print;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows under headings, aligned, two blanks between the columns.
public final class Table {
  private static final String GAP = "  ";

  /// What stands in a row and a column: text from anywhere (the table escapes it) and its paint.
  public record Cell(String text, Paint paint) {
    public static Cell of(String text) {
      return new Cell(text, Paint.PLAIN);
    }

    public Cell {
      text = Escape.line(text);
    }
  }

  private final List<List<Cell>> rows = new ArrayList<>();
  private final int[] widths;

  public Table(String... headings) {
    widths = new int[headings.length];
    List<Cell> row = new ArrayList<>();
    for (String heading : headings) {
      row.add(new Cell(heading, Paint.HEADING));
    }
    add(row);
  }

  /// A row with one cell for every heading.
  public Table row(Cell... cells) {
    add(List.of(cells));
    return this;
  }

  /// A row of plain text.
  public Table row(String... texts) {
    List<Cell> row = new ArrayList<>();
    for (String text : texts) {
      row.add(Cell.of(text));
    }
    add(row);
    return this;
  }

  private void add(List<Cell> row) {
    if (row.size() != widths.length) {
      throw new IllegalArgumentException(
          "a row of " + row.size() + " cells under " + widths.length + " headings");
    }
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i).text()));
    }
    rows.add(row);
  }

  public void print(PrintStream out, Colour colour) {
    for (List<Cell> row : rows) {
      out.println(line(row, colour));
    }
  }

  private String line(List<Cell> row, Colour colour) {
    StringBuilder line = new StringBuilder();
    int blanks = 0;
    for (int i = 0; i < widths.length; i++) {
      Cell cell = row.get(i);
      if (!cell.text().isEmpty()) {
        line.append(" ".repeat(blanks)).append(colour.paint(cell.paint(), cell.text()));
        blanks = 0;
      }
      blanks += widths[i] - DisplayWidth.of(cell.text()) + GAP.length();
    }
    return line.toString();
  }
}
