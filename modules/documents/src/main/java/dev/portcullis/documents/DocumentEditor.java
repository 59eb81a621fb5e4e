package dev.portcullis.documents;

import dev.portcullis.documents.Layout.EntryExtent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Edits of a text, by the values that were read from it. They are in the style of what stands
/// around them, and leave every other character as it is.
///
/// What is edited is the text: a value that an alias repeats changes wherever it is used. Anyone
/// who applies the edits reads the result again, and compares ({@link TreeComparison}).
public final class DocumentEditor {
  private final Layout layout;

  public DocumentEditor(Layout layout) {
    this.layout = layout;
  }

  /// Gives an object an entry.
  ///
  /// @param owner has no entry under the key, or one that is `null` or an object without entries
  /// @param value strings, and objects of such
  /// @return null where the text has a form that is not edited
  public @Nullable List<TextEdit> put(Mapping owner, String key, Mapping value, EntryPlace place) {
    Value old = owner.get(key);
    if (old == null) {
      return new EntryInsertion(layout, owner).add(key, value, place);
    }
    boolean empty =
        old instanceof Value.Null
            || (old instanceof Mapping mapping && mapping.entries().isEmpty());
    if (!empty) {
      throw new IllegalArgumentException("the key has a value: " + key);
    }
    EntryExtent entry = layout.entry(owner, key);
    return entry == null ? null : new EntryInsertion(layout, owner).fill(entry, old, value);
  }

  /// Takes entries away from an object. Comments stay.
  ///
  /// @param keys some of the object's, but not all
  /// @return null where the text has a form that is not edited
  public @Nullable List<TextEdit> remove(Mapping owner, Set<String> keys) {
    for (String key : keys) {
      if (!layout.holds(owner, key)) {
        return null;
      }
    }
    return new EntryRemoval(layout).remove(owner, keys);
  }
}
