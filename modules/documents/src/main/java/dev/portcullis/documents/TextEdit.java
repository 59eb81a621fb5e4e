package dev.portcullis.documents;

import java.util.Comparator;
import java.util.List;

/// A change of a text: a part of it gives way to another.
///
/// @param offset of the first character that goes, in `char`s
/// @param length of what goes; 0 where something is only added
/// @param text what comes; empty where something only goes
public record TextEdit(int offset, int length, String text) {
  private static final Comparator<TextEdit> IN_ORDER =
      Comparator.comparingInt(TextEdit::offset).thenComparingInt(TextEdit::length);

  public TextEdit {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("no part of a text: " + offset + ", " + length);
    }
  }

  /// The offset after what goes.
  public int end() {
    return offset + length;
  }

  /// The edits in the order of the text, each once.
  public static List<TextEdit> ordered(List<TextEdit> edits) {
    return edits.stream().distinct().sorted(IN_ORDER).toList();
  }

  /// Whether two of them want to change the same place, so that there is no one result.
  ///
  /// @param ordered in the order of the text
  public static boolean overlap(List<TextEdit> ordered) {
    for (int i = 1; i < ordered.size(); i++) {
      TextEdit before = ordered.get(i - 1);
      TextEdit after = ordered.get(i);
      if (before.end() > after.offset()
          || (before.offset() == after.offset() && before.length() == after.length())) {
        return true;
      }
    }
    return false;
  }

  /// The text after all edits.
  ///
  /// @param ordered in the order of the text; they do not overlap
  public static String apply(String before, List<TextEdit> ordered) {
    StringBuilder after = new StringBuilder(before.length() + 64 * ordered.size());
    int copied = 0;
    for (TextEdit edit : ordered) {
      if (edit.offset() < copied) {
        throw new IllegalArgumentException("edits overlap at " + edit.offset());
      }
      after.append(before, copied, edit.offset()).append(edit.text());
      copied = edit.end();
    }
    return after.append(before, copied, before.length()).toString();
  }
}
