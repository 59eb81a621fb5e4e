package dev.portcullis.documents;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where the values of a text stand in it, for those who change the text and leave all else as it
/// is. {@link Documents#read(byte[], Limits, Layout)} fills it in.
///
/// Values are told apart by identity: two equal ones stand in two places. What an alias repeats is
/// one value, which stands at its anchor.
public final class Layout {
  private final IdentityHashMap<Value, Extent> extents = new IdentityHashMap<>();
  private final IdentityHashMap<Mapping, List<EntryExtent>> entries = new IdentityHashMap<>();
  private final Set<Mapping> merged = Collections.newSetFromMap(new IdentityHashMap<>());
  private final TreeSet<Integer> aliased = new TreeSet<>();
  private String text = "";
  private TextLines lines = new TextLines("");
  private boolean json;
  private boolean byteOrderMark;

  /// One of a text that is still to be read.
  public Layout() {}

  /// An entry of an object as it is written.
  ///
  /// @param key empty for a merge key
  /// @param merge whether it is YAML's `<<`, which brings entries of other objects
  /// @param value of an alias, the extent of the alias
  record EntryExtent(String key, boolean merge, int keyStart, int keyEnd, Extent value) {}

  void begin(String content, boolean isJson) {
    text = content;
    lines = new TextLines(content);
    json = isJson;
    extents.clear();
    entries.clear();
    merged.clear();
    aliased.clear();
  }

  void beginsWithByteOrderMark() {
    byteOrderMark = true;
  }

  void put(Value value, Extent extent) {
    extents.put(value, extent);
  }

  void put(Mapping mapping, List<EntryExtent> written) {
    entries.put(mapping, List.copyOf(written));
  }

  void putMerged(Mapping mapping) {
    merged.add(mapping);
  }

  void putAlias(Value value) {
    Extent anchored = extents.get(value);
    if (anchored != null) {
      aliased.add(anchored.start());
    }
  }

  /// The text, without a byte order mark.
  public String text() {
    return text;
  }

  TextLines lines() {
    return lines;
  }

  /// Whether a byte order mark stands before the text.
  public boolean byteOrderMark() {
    return byteOrderMark;
  }

  /// Whether the text was read as JSON.
  boolean json() {
    return json;
  }

  /// Where a value stands; null for one that was not read from this text.
  @Nullable Extent extent(Value value) {
    return extents.get(value);
  }

  /// The entries that stand in an object itself, in their order: not those that a merge key brings.
  List<EntryExtent> entries(Mapping mapping) {
    return entries.getOrDefault(mapping, List.of());
  }

  /// The entry of an object that stands in it; null where it has none, or a merge key brings it.
  @Nullable EntryExtent entry(Mapping mapping, String key) {
    for (EntryExtent entry : entries(mapping)) {
      if (!entry.merge() && entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  /// Whether the entry of an object is written in the object: a merge key does not bring it.
  public boolean holds(Mapping mapping, String key) {
    return entry(mapping, key) != null;
  }

  /// Whether a part of the text has an anchor that an alias refers to.
  boolean isAliased(int start, int end) {
    Integer first = aliased.ceiling(start);
    return first != null && first < end;
  }

  /// Whether a merge key brings the entries of an object to another, too.
  public boolean isMerged(Mapping mapping) {
    return merged.contains(mapping);
  }

  /// Whether any value of the text stands in it once and is used several times.
  public boolean hasAliases() {
    return !aliased.isEmpty();
  }

  /// Collects the entries of an object while it is read.
  static List<EntryExtent> collector() {
    return new ArrayList<>(4);
  }
}
