package dev.portcullis.documents;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The entries of an object, which never change. The readers hand theirs over: a copy of every
/// object of a document took a tenth of the time of reading it.
final class Entries extends AbstractMap<String, Mapping.Entry> {
  private final Map<String, Mapping.Entry> map;

  private Entries(Map<String, Mapping.Entry> map) {
    this.map = map;
  }

  /// Takes a map that nobody else holds.
  static Entries owning(Map<String, Mapping.Entry> map) {
    return new Entries(map);
  }

  static Entries copyOf(Map<String, Mapping.Entry> map) {
    return map instanceof Entries unchanging ? unchanging : owning(new LinkedHashMap<>(map));
  }

  @Override
  public Mapping.@Nullable Entry get(@Nullable Object key) {
    return map.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return map.containsKey(key);
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public Set<Map.Entry<String, Mapping.Entry>> entrySet() {
    return Collections.unmodifiableMap(map).entrySet();
  }
}
