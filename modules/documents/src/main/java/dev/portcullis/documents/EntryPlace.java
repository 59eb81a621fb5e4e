package dev.portcullis.documents;

import java.util.List;

/// Where a new entry of an object goes among those that are there. In braces it always comes last.
public sealed interface EntryPlace {

  /// Before all others.
  record First() implements EntryPlace {}

  /// After the first of these that is there; after all others where none is.
  record After(List<String> keys) implements EntryPlace {
    public After {
      keys = List.copyOf(keys);
    }
  }
}
