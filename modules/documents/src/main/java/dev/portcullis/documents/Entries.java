package dev.portcullis.documents;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The entries of an object, which never change, in the order of the document.
///
/// Most objects of Kubernetes have few: these are looked through, and cost neither the time nor the
/// memory of a hash table.
final class Entries extends AbstractMap<String, Mapping.Entry> {
  private static final int FEW = 8;

  private final String[] keys;
  private final Mapping.Entry[] values;
  private final @Nullable Map<String, Mapping.Entry> index;

  private Entries(
      String[] keys, Mapping.Entry[] values, @Nullable Map<String, Mapping.Entry> index) {
    this.keys = keys;
    this.values = values;
    this.index = index;
  }

  static Entries copyOf(Map<String, Mapping.Entry> map) {
    if (map instanceof Entries unchanging) {
      return unchanging;
    }
    Builder entries = new Builder();
    map.forEach(entries::add);
    return entries.done();
  }

  @Override
  public Mapping.@Nullable Entry get(@Nullable Object key) {
    if (index != null) {
      return index.get(key);
    }
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].equals(key)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Mapping.Entry> action) {
    for (int i = 0; i < keys.length; i++) {
      action.accept(keys[i], values[i]);
    }
  }

  @Override
  public Set<Map.Entry<String, Mapping.Entry>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Mapping.Entry>> iterator() {
        return new InOrder();
      }

      @Override
      public int size() {
        return keys.length;
      }
    };
  }

  private final class InOrder implements Iterator<Map.Entry<String, Mapping.Entry>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < keys.length;
    }

    @Override
    public Map.Entry<String, Mapping.Entry> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return Map.entry(keys[next], values[next++]);
    }
  }

  /// Entries that a reader adds one by one.
  static final class Builder {
    private String[] keys = new String[FEW];
    private Mapping.Entry[] values = new Mapping.Entry[FEW];
    private int size;
    private @Nullable Map<String, Mapping.Entry> index;

    Mapping.@Nullable Entry get(String key) {
      if (index != null) {
        return index.get(key);
      }
      for (int i = 0; i < size; i++) {
        if (keys[i].equals(key)) {
          return values[i];
        }
      }
      return null;
    }

    /// The key must be new.
    void add(String key, Mapping.Entry entry) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      keys[size] = key;
      values[size++] = entry;
      if (index != null) {
        index.put(key, entry);
      } else if (size > FEW) {
        index = HashMap.newHashMap(2 * size);
        for (int i = 0; i < size; i++) {
          index.put(keys[i], values[i]);
        }
      }
    }

    void addIfNew(String key, Mapping.Entry entry) {
      if (get(key) == null) {
        add(key, entry);
      }
    }

    /// All of them; nothing may be added after this.
    Entries done() {
      return new Entries(Arrays.copyOf(keys, size), Arrays.copyOf(values, size), index);
    }
  }
}
