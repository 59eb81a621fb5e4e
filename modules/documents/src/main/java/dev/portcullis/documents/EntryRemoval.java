package dev.portcullis.documents;

import dev.portcullis.documents.Extent.Form;
import dev.portcullis.documents.Layout.EntryExtent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Removes entries of an object from a text. Comments stay.
final class EntryRemoval {
  private final Layout layout;
  private final String text;
  private final TextLines lines;

  EntryRemoval(Layout layout) {
    this.layout = layout;
    this.text = layout.text();
    this.lines = layout.lines();
  }

  /// Removes some entries, but not all; null where the text has a form that is not edited.
  ///
  /// @param keys of entries that stand in the object itself
  @Nullable List<TextEdit> remove(Mapping owner, Set<String> keys) {
    Extent extent = layout.extent(owner);
    if (extent == null) {
      return null;
    }
    List<TextEdit> edits =
        switch (extent.form()) {
          case FLOW -> fromBraces(owner, keys);
          case BLOCK, BLOCK_SCALAR -> fromBlock(owner, keys);
          case SCALAR, ALIAS -> null;
        };
    return edits == null || edits.stream().anyMatch(this::isAliased) ? null : edits;
  }

  /// What an alias repeats is needed elsewhere.
  private boolean isAliased(TextEdit edit) {
    return layout.isAliased(edit.offset(), edit.end());
  }

  private @Nullable List<TextEdit> fromBlock(Mapping owner, Set<String> keys) {
    List<TextEdit> edits = new ArrayList<>();
    for (EntryExtent entry : layout.entries(owner)) {
      if (!entry.merge() && keys.contains(entry.key())) {
        Mapping.Entry held = owner.entries().get(entry.key());
        if (held == null || !lines(entry, held.value(), edits)) {
          return null;
        }
      }
    }
    return edits;
  }

  /// The lines of an entry, but for comments; false where it does not stand in lines of its own.
  private boolean lines(EntryExtent entry, Value value, List<TextEdit> edits) {
    if (entry.value().form() != Form.BLOCK) {
      return line(entry.keyStart(), entry.value().end(), edits);
    }
    if (!(value instanceof Mapping inner)) {
      return false;
    }
    // An anchor or a tag may follow the colon; both are without blanks, so this is a comment.
    int comment = text.indexOf(" #", entry.keyEnd());
    int end = Math.min(lines.end(entry.keyEnd()), comment < 0 ? Integer.MAX_VALUE : comment);
    if (!line(entry.keyStart(), end, edits)) {
      return false;
    }
    for (EntryExtent each : layout.entries(inner)) {
      Mapping.Entry held = inner.entries().get(each.key());
      if (each.merge() || held == null || !lines(each, held.value(), edits)) {
        return false;
      }
    }
    return true;
  }

  private boolean line(int start, int end, List<TextEdit> edits) {
    int rest = lines.restOfLine(end);
    if (rest < 0 || !lines.isFirst(start)) {
      return false;
    }
    if (rest < lines.end(end)) {
      edits.add(new TextEdit(start, rest - start, ""));
      return true;
    }
    int from = lines.start(start);
    int to = lines.next(end);
    if (to == lines.end(end)) {
      // The last line of a text that does not end with a break: what is before it shall neither.
      while (!edits.isEmpty() && edits.getLast().end() == from) {
        from = edits.removeLast().offset();
      }
      from -= text.startsWith("\r\n", from - 2) ? 2 : Math.min(from, 1);
    }
    edits.add(new TextEdit(from, to - from, ""));
    return true;
  }

  /// In braces an entry goes with the comma before it; one that nothing stays before, with the
  /// comma after it.
  private @Nullable List<TextEdit> fromBraces(Mapping owner, Set<String> keys) {
    List<TextEdit> edits = new ArrayList<>();
    List<EntryExtent> entries = layout.entries(owner);
    boolean stays = false;
    for (int i = 0; i < entries.size(); i++) {
      EntryExtent entry = entries.get(i);
      if (entry.merge() || !keys.contains(entry.key())) {
        stays = true;
        continue;
      }
      if (!stays && i + 1 == entries.size()) {
        return null;
      }
      int start = stays ? entries.get(i - 1).value().end() : entry.keyStart();
      int end = stays ? entry.value().end() : entries.get(i + 1).keyStart();
      if (hasComment(start, entry.keyStart()) || hasComment(entry.value().end(), end)) {
        return null;
      }
      edits.add(new TextEdit(start, end - start, ""));
    }
    return edits;
  }

  private boolean hasComment(int start, int end) {
    return start < end && text.substring(start, end).indexOf('#') >= 0;
  }
}
