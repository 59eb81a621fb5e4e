package dev.portcullis.cli.print;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows under headings, aligned, two blanks between the columns. Where a terminal is narrower, the
/// text of the widest columns goes on below, so that nothing is left out.
public final class Table {
  private static final String GAP = "  ";

  /// No column is narrower because others are wide.
  private static final int NARROWEST = 4;

  /// A longer word is not hard to read in two parts.
  private static final int LONGEST_WORD = 20;

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

  /// What each column needs so that no word in it is cut.
  private final int[] words;

  public Table(String... headings) {
    widths = new int[headings.length];
    words = new int[headings.length];
    Arrays.fill(words, NARROWEST);
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
      String text = row.get(i).text();
      widths[i] = Math.max(widths[i], DisplayWidth.of(text));
      words[i] = Math.max(words[i], Math.min(Wrap.uncut(text), LONGEST_WORD));
    }
    rows.add(row);
  }

  /// Prints it, no wider than the terminal.
  public void print(Terminal terminal) {
    print(terminal.out(), terminal.colour(), terminal.limit());
  }

  /// Prints it.
  ///
  /// @param limit columns that no line may be wider than
  void print(PrintStream out, Colour colour, int limit) {
    int[] columns = fitted(limit);
    for (List<Cell> row : rows) {
      List<List<String>> cells = new ArrayList<>();
      int height = 1;
      for (int i = 0; i < columns.length; i++) {
        List<String> lines = Wrap.within(row.get(i).text(), columns[i]);
        cells.add(lines);
        height = Math.max(height, lines.size());
      }
      for (int at = 0; at < height; at++) {
        out.println(line(row, cells, at, columns, colour));
      }
    }
  }

  /// The widths of the columns, the widest narrowed until all fit: first as far as no word is cut.
  private int[] fitted(int limit) {
    int[] fitted = widths.clone();
    narrow(fitted, words, limit);
    int[] narrowest = new int[fitted.length];
    Arrays.fill(narrowest, NARROWEST);
    narrow(fitted, narrowest, limit);
    return fitted;
  }

  /// Narrows the widest columns until all fit, or none can be narrower.
  private static void narrow(int[] columns, int[] least, int limit) {
    long total = (long) GAP.length() * (columns.length - 1) + Arrays.stream(columns).sum();
    while (total > limit) {
      int widest = -1;
      for (int i = 0; i < columns.length; i++) {
        if (columns[i] > least[i] && (widest < 0 || columns[i] > columns[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        return;
      }
      columns[widest]--;
      total--;
    }
  }

  private static String line(
      List<Cell> row, List<List<String>> cells, int at, int[] columns, Colour colour) {
    StringBuilder line = new StringBuilder();
    int blanks = 0;
    for (int i = 0; i < columns.length; i++) {
      String text = at < cells.get(i).size() ? cells.get(i).get(at) : "";
      if (!text.isEmpty()) {
        line.append(" ".repeat(blanks)).append(colour.paint(row.get(i).paint(), text));
        blanks = 0;
      }
      blanks += columns[i] - DisplayWidth.of(text) + GAP.length();
    }
    return line.toString();
  }
}
