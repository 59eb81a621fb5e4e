package dev.portcullis.pods.fix;

import dev.portcullis.documents.EntryPlace;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.TreeComparison.ObjectChange;
import java.util.Map;
import java.util.Set;

/// A change of one object in a tree.
sealed interface EntryChange {
  /// By identity.
  Mapping owner();

  /// The same for the comparison of trees.
  ObjectChange asked();

  /// An entry that comes.
  record Put(Mapping owner, String key, Mapping value, EntryPlace place) implements EntryChange {
    @Override
    public ObjectChange asked() {
      return new ObjectChange(Map.of(key, value), Set.of(), 1);
    }
  }

  /// Entries that go.
  record Remove(Mapping owner, Set<String> keys) implements EntryChange {
    public Remove {
      keys = Set.copyOf(keys);
    }

    @Override
    public ObjectChange asked() {
      return new ObjectChange(Map.of(), keys, 1);
    }
  }
}
