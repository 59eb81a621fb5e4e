package dev.portcullis.documents;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes an object that was not read from anywhere, for writing it out.
public final class MappingBuilder {
  private final Map<String, Mapping.Entry> entries = new LinkedHashMap<>();

  /// An object without entries yet.
  public MappingBuilder() {}

  public MappingBuilder put(String key, Value value) {
    entries.put(key, new Mapping.Entry(Position.NONE, value));
    return this;
  }

  public MappingBuilder put(String key, String value) {
    return put(key, new Value.Text(Position.NONE, value));
  }

  public MappingBuilder put(String key, boolean value) {
    return put(key, new Value.Truth(Position.NONE, value));
  }

  public MappingBuilder put(String key, long value) {
    return put(key, new Value.Numeral(Position.NONE, Long.toString(value)));
  }

  public MappingBuilder put(String key, List<? extends Value> items) {
    return put(key, new Sequence(Position.NONE, List.copyOf(items)));
  }

  /// Puts a list of texts.
  public MappingBuilder putTexts(String key, Collection<String> texts) {
    return put(key, texts.stream().map(text -> new Value.Text(Position.NONE, text)).toList());
  }

  public MappingBuilder putNull(String key) {
    return put(key, new Value.Null(Position.NONE));
  }

  public Mapping build() {
    return new Mapping(Position.NONE, entries);
  }
}
