package dev.portcullis.documents;

import dev.portcullis.documents.Extent.Form;
import dev.portcullis.documents.Layout.EntryExtent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds an entry to an object of a text, in the style in which the object is written.
final class EntryInsertion {
  private static final String USUAL_STEP = "  ";

  private final Layout layout;
  private final String text;
  private final TextLines lines;
  private final Mapping owner;
  private final List<EntryExtent> entries;

  EntryInsertion(Layout layout, Mapping owner) {
    this.layout = layout;
    this.text = layout.text();
    this.lines = layout.lines();
    this.owner = owner;
    this.entries = layout.entries(owner);
  }

  /// Adds an entry under a new key; null where the text has a form that is not edited.
  @Nullable List<TextEdit> add(String key, Value value, EntryPlace place) {
    Extent extent = layout.extent(owner);
    if (extent == null || entries.isEmpty()) {
      return null;
    }
    return switch (extent.form()) {
      case FLOW -> addInBraces(extent, key, value);
      case BLOCK, BLOCK_SCALAR -> addInBlock(key, value, place);
      case SCALAR, ALIAS -> null;
    };
  }

  /// Gives an entry, which is `null` or an object without entries, another value; null where the
  /// text has a form that is not edited.
  @Nullable List<TextEdit> fill(EntryExtent entry, Value old, Mapping value) {
    Extent extent = layout.extent(owner);
    String colon = text.substring(entry.keyEnd(), entry.value().start());
    if (extent == null
        || entry.value().form() == Form.ALIAS
        || layout.isAliased(entry.value().start(), entry.value().end())
        || !colon.strip().equals(":")) {
      return null;
    }
    String written = text.substring(entry.value().start(), entry.value().end());
    boolean anchored = written.startsWith("&") || written.startsWith("!");
    if (old instanceof Value.Null && anchored) {
      return null;
    }
    if (extent.form() == Form.FLOW) {
      return fillBraces(entry, colon, flow(extent).object(value));
    }
    if (anchored) {
      return fillBraces(
          entry, colon, new EntryText.Line(EntryText.Quotes.YAML, ": ", ", ", "").object(value));
    }
    return fillBlock(entry, value);
  }

  private List<TextEdit> fillBraces(EntryExtent entry, String colon, String braces) {
    Extent value = entry.value();
    int open = text.lastIndexOf('{', value.end() - 1);
    int from = open >= value.start() ? open : value.start();
    String blank = value.start() == value.end() && colon.endsWith(":") ? " " : "";
    return List.of(new TextEdit(from, value.end() - from, blank + braces));
  }

  private @Nullable List<TextEdit> fillBlock(EntryExtent entry, Mapping value) {
    int end = entry.value().end();
    int colon = text.indexOf(':', entry.keyEnd()) + 1;
    if (lines.restOfLine(end) < 0 || lines.end(colon) < end) {
      return null;
    }
    List<TextEdit> edits = new ArrayList<>(2);
    if (end > colon) {
      edits.add(new TextEdit(colon, end - colon, ""));
    }
    EntryText.Block style =
        new EntryText.Block(quotes(), lines.column(entry.keyStart()), step(), breakAt(end));
    edits.add(linesAfter(end, style.members(value)));
    return edits;
  }

  private @Nullable List<TextEdit> addInBlock(String key, Value value, EntryPlace place) {
    EntryText.Block style =
        new EntryText.Block(
            quotes(),
            lines.column(entries.getFirst().keyStart()),
            step(),
            breakAt(entries.getFirst().keyStart()));
    String entry = style.entry(key, value);
    TextEdit edit =
        switch (place) {
          case EntryPlace.First _ -> {
            TextEdit first = before(entry);
            yield first == null ? after(List.of(), entry) : first;
          }
          case EntryPlace.After(List<String> keys) -> {
            TextEdit after = after(keys, entry);
            yield after == null ? before(entry) : after;
          }
        };
    return edit == null ? null : List.of(edit);
  }

  /// Before the first entry, and before the comments over it.
  private @Nullable TextEdit before(String entry) {
    int key = entries.getFirst().keyStart();
    if (!lines.isFirst(key)) {
      return null;
    }
    int line = lines.start(key);
    while (line > 0 && isCommentOrEmpty(lines.previous(line))) {
      line = lines.previous(line);
    }
    return new TextEdit(line, 0, entry + breakAt(line));
  }

  private boolean isCommentOrEmpty(int line) {
    String content = text.substring(line, lines.end(line)).strip();
    return content.isEmpty() || content.startsWith("#");
  }

  /// After the first of these keys that can be followed by a line; after the last such entry where
  /// none can.
  private @Nullable TextEdit after(List<String> keys, String entry) {
    EntryExtent place = null;
    for (EntryExtent each : entries) {
      if (canBeFollowed(each)) {
        place = each;
      }
    }
    for (String key : keys.reversed()) {
      EntryExtent preferred = layout.entry(owner, key);
      if (preferred != null && canBeFollowed(preferred)) {
        place = preferred;
      }
    }
    return place == null ? null : linesAfter(place.value().end(), entry);
  }

  private boolean canBeFollowed(EntryExtent entry) {
    return entry.value().form() != Form.BLOCK_SCALAR && lines.restOfLine(entry.value().end()) >= 0;
  }

  private TextEdit linesAfter(int offset, String added) {
    int next = lines.next(offset);
    return next == lines.end(offset)
        ? new TextEdit(next, 0, breakAt(offset) + added)
        : new TextEdit(next, 0, added + breakAt(offset));
  }

  private String breakAt(int offset) {
    return lines.breakAt(offset);
  }

  /// By how much this text indents an object within an object: as one that stands in this object,
  /// or as this one stands in its own.
  private String step() {
    int column = column(entries.getFirst());
    for (Mapping.Entry entry : owner.entries().values()) {
      if (entry.value() instanceof Mapping inner && isBlock(inner)) {
        EntryExtent first = layout.entries(inner).getFirst();
        int more = column(first) - column;
        if (more > 0 && lines.isFirst(first.keyStart())) {
          return " ".repeat(more);
        }
      }
    }
    return outerStep(entries.getFirst().keyStart());
  }

  private boolean isBlock(Mapping mapping) {
    Extent extent = layout.extent(mapping);
    return extent != null && extent.form() == Form.BLOCK && !layout.entries(mapping).isEmpty();
  }

  private int column(EntryExtent entry) {
    return lines.column(entry.keyStart()).length();
  }

  /// From the lines above. How far an item of a list stands from its dash says nothing; there it is
  /// the object that has the list.
  private String outerStep(int key) {
    int line = lines.start(key);
    int column = key - line;
    if (!lines.isFirst(key)) {
      line = above(line, indent(line) + 1);
      column = line < 0 ? 0 : keyColumn(line);
    }
    int outer = line < 0 ? -1 : above(line, column);
    return outer < 0 ? USUAL_STEP : " ".repeat(column - keyColumn(outer));
  }

  /// The nearest line above one, whose key begins to the left of a column; -1 where there is none.
  private int above(int below, int column) {
    int line = below;
    while (line > 0 && column > 0) {
      line = lines.previous(line);
      if (keyColumn(line) < column && !isCommentOrEmpty(line)) {
        return line;
      }
    }
    return -1;
  }

  /// The column of the first key in a line, after dashes.
  private int keyColumn(int line) {
    int column = indent(line);
    while (text.startsWith("- ", line + column)) {
      column += 1 + indent(line + column + 1);
    }
    return column;
  }

  /// How many spaces there are from an offset on.
  private int indent(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at - from;
  }

  private @Nullable List<TextEdit> addInBraces(Extent extent, String key, Value value) {
    if (text.charAt(extent.end() - 1) != '}') {
      return null;
    }
    EntryText style = flow(extent);
    EntryExtent last = entries.getLast();
    int end = last.value().end();
    String entry = style.entry(key, value);
    if (!isSpread(extent)) {
      return List.of(new TextEdit(end, 0, comma() + entry));
    }
    String line = breakAt(extent.start()) + lines.before(last.keyStart()) + entry;
    int comma = end;
    while (TextLines.isBlank(text.charAt(comma))) {
      comma++;
    }
    boolean hasComma = text.charAt(comma) == ',';
    int comment = lines.restOfLine(hasComma ? comma + 1 : end);
    if (comment < 0 || comment == lines.end(end)) {
      return List.of(new TextEdit(end, 0, "," + line));
    }
    return hasComma
        ? List.of(new TextEdit(lines.end(end), 0, line + ","))
        : List.of(new TextEdit(end, 0, ","), new TextEdit(lines.end(end), 0, line));
  }

  /// Whether each entry has a line of its own, and the closing brace, too.
  private boolean isSpread(Extent extent) {
    return !entries.isEmpty()
        && lines.isFirst(extent.end() - 1)
        && lines.isFirst(entries.getLast().keyStart());
  }

  private EntryText flow(Extent extent) {
    EntryText.Quotes quotes = quotes();
    if (quotes == EntryText.Quotes.YAML || !isSpread(extent)) {
      boolean padded = quotes == EntryText.Quotes.YAML && text.startsWith("{ ", extent.start());
      return new EntryText.Line(quotes, colon(), comma(), padded ? " " : "");
    }
    String indent = lines.before(entries.getLast().keyStart());
    int more = indent.length() - lines.before(extent.end() - 1).length();
    String step = more > 0 ? indent.substring(indent.length() - more) : USUAL_STEP;
    return new EntryText.Lines(quotes, colon(), indent, step, breakAt(extent.start()));
  }

  private EntryText.Quotes quotes() {
    if (layout.json()) {
      return EntryText.Quotes.JSON;
    }
    return !entries.isEmpty() && text.charAt(entries.getFirst().keyStart()) == '"'
        ? EntryText.Quotes.DOUBLE
        : EntryText.Quotes.YAML;
  }

  private String colon() {
    EntryExtent first = entries.getFirst();
    String between = text.substring(first.keyEnd(), first.value().start());
    return between.equals(":") && first.value().start() < first.value().end() ? ":" : ": ";
  }

  private String comma() {
    if (entries.size() < 2) {
      return colon().equals(":") ? "," : ", ";
    }
    String between = text.substring(entries.getFirst().value().end(), entries.get(1).keyStart());
    return between.equals(",") ? "," : ", ";
  }
}
