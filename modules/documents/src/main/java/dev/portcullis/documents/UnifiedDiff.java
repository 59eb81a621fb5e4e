package dev.portcullis.documents;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The edits of a text in the form of `diff -u`. Lines end with a line feed, as for patch(1); a
/// carriage return before it is part of the line.
public final class UnifiedDiff {
  private static final int CONTEXT = 3;

  private final String text;
  private final int[] starts;

  private UnifiedDiff(String text) {
    this.text = text;
    int[] found = new int[(int) text.chars().filter(c -> c == '\n').count() + 2];
    int lines = 0;
    int at = 0;
    while (at < text.length()) {
      found[lines++] = at;
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    }
    found[lines] = text.length();
    starts = Arrays.copyOf(found, lines + 1);
  }

  /// Changed lines that are near to each other, and the lines around them.
  ///
  /// @param oldStart number of the first line in the old text, from 1; of the line before where
  ///   there is none
  /// @param newStart the same in the new text
  public record Hunk(int oldStart, int oldCount, int newStart, int newCount, List<Line> lines) {
    public Hunk {
      lines = List.copyOf(lines);
    }

    /// The line before them: `@@ -1,2 +1,3 @@`.
    public String header() {
      return "@@ -" + range(oldStart, oldCount) + " +" + range(newStart, newCount) + " @@";
    }

    private static String range(int start, int count) {
      return count == 1 ? String.valueOf(start) : start + "," + count;
    }
  }

  /// A line of a hunk.
  ///
  /// @param text without the line feed
  /// @param unended whether it is the last line of a text that does not end with a line feed
  public record Line(Side side, String text, boolean unended) {}

  /// Which text has a line.
  public enum Side {
    /// Both.
    BOTH(' '),
    /// Only the old one.
    OLD('-'),
    /// Only the new one.
    NEW('+');

    private final char sign;

    Side(char sign) {
      this.sign = sign;
    }

    /// What stands before the line.
    public char sign() {
      return sign;
    }
  }

  /// Lines that give way to others.
  ///
  /// @param from index of the first line
  /// @param to index after the last one
  private record Change(int from, int to, List<String> lines) {}

  /// The hunks of a change.
  ///
  /// @param edits in the order of the text; they do not overlap
  public static List<Hunk> of(String before, List<TextEdit> edits) {
    UnifiedDiff diff = new UnifiedDiff(before);
    return diff.hunks(diff.changes(edits));
  }

  private List<Change> changes(List<TextEdit> edits) {
    List<Change> changes = new ArrayList<>();
    int next = 0;
    while (next < edits.size()) {
      int first = next;
      int from = line(edits.get(first).offset());
      int to = from;
      // Edits that share a line, or of which one follows the other, belong together.
      do {
        to = Math.max(to, after(edits.get(next)));
        next++;
      } while (next < edits.size() && line(edits.get(next).offset()) <= to);
      changes.add(change(from, to, edits.subList(first, next)));
    }
    return changes;
  }

  /// The index after the last line that an edit touches.
  private int after(TextEdit edit) {
    int line = line(edit.end());
    boolean whole =
        edit.end() == starts[line]
            && edit.offset() == starts[line(edit.offset())]
            && (edit.text().isEmpty() || edit.text().endsWith("\n"));
    return whole ? line : Math.min(line + 1, starts.length - 1);
  }

  private int line(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    int line = found >= 0 ? found : -found - 2;
    // The end of a text is the beginning of a line only after a line feed.
    return line > 0 && line == starts.length - 1 && !text.endsWith("\n") ? line - 1 : line;
  }

  private Change change(int from, int to, List<TextEdit> edits) {
    int offset = starts[from];
    List<TextEdit> moved =
        edits.stream()
            .map(edit -> new TextEdit(edit.offset() - offset, edit.length(), edit.text()))
            .toList();
    List<String> old = lines(text.substring(offset, starts[to]));
    List<String> now = lines(TextEdit.apply(text.substring(offset, starts[to]), moved));
    int same = 0;
    int most = Math.min(old.size(), now.size());
    while (same < most && old.get(same).equals(now.get(same))) {
      same++;
    }
    int end = 0;
    while (end < most - same
        && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
      end++;
    }
    return new Change(from + same, to - end, now.subList(same, now.size() - end));
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      int next = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(at, next));
      at = next;
    }
    return lines;
  }

  private List<Hunk> hunks(List<Change> changes) {
    List<Hunk> hunks = new ArrayList<>();
    int total = starts.length - 1;
    int added = 0;
    int next = 0;
    while (next < changes.size()) {
      int begin = Math.max(0, changes.get(next).from() - CONTEXT);
      int newBegin = begin + added;
      int at = begin;
      List<Line> lines = new ArrayList<>();
      int end;
      do {
        Change change = changes.get(next);
        both(at, change.from(), lines);
        for (int i = change.from(); i < change.to(); i++) {
          lines.add(line(Side.OLD, text.substring(starts[i], starts[i + 1])));
        }
        change.lines().forEach(line -> lines.add(line(Side.NEW, line)));
        at = change.to();
        added += change.lines().size() - (change.to() - change.from());
        end = Math.min(total, at + CONTEXT);
        next++;
      } while (next < changes.size() && changes.get(next).from() <= end + CONTEXT);
      both(at, end, lines);
      hunks.add(hunk(begin, newBegin, lines));
    }
    return hunks;
  }

  private static Hunk hunk(int begin, int newBegin, List<Line> lines) {
    int old = (int) lines.stream().filter(line -> line.side() != Side.NEW).count();
    int now = (int) lines.stream().filter(line -> line.side() != Side.OLD).count();
    return new Hunk(
        old == 0 ? begin : begin + 1, old, now == 0 ? newBegin : newBegin + 1, now, lines);
  }

  private void both(int from, int to, List<Line> lines) {
    for (int i = from; i < to; i++) {
      lines.add(line(Side.BOTH, text.substring(starts[i], starts[i + 1])));
    }
  }

  private static Line line(Side side, String line) {
    return line.endsWith("\n")
        ? new Line(side, line.substring(0, line.length() - 1), false)
        : new Line(side, line, true);
  }
}
