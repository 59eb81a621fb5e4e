package dev.portcullis.documents;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object: entries in the order of the document. No key stands twice.
public record Mapping(Position at, Map<String, Entry> entries) implements Value {

  /// A value and the place of its key.
  public record Entry(Position keyAt, Value value) {}

  public Mapping {
    entries = Entries.copyOf(entries);
  }

  /// The value under a key; null where there is none. A value that is JSON's `null` is returned as
  /// {@link Value.Null}.
  public @Nullable Value get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  /// The value under a key; null where there is none *or* where it is JSON's `null`, as the readers
  /// of Kubernetes take it for a pointer, a list or a structure.
  public @Nullable Value present(String key) {
    Value value = get(key);
    return value instanceof Null ? null : value;
  }

  /// The place of a key, or of this object where it does not have the key.
  public Position at(String key) {
    Entry entry = entries.get(key);
    return entry == null ? at : entry.keyAt();
  }
}
