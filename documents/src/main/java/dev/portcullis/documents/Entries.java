package dev.portcullis.documents;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The entries of an object, which never change, in the order of the document.
///
/// Most objects of Kubernetes have few: these are looked through, and cost neither the time nor the
/// memory of a hash table.
final class Entries extends AbstractMap<String, Mapping.Entry> {
  private static final int FEW = 8;

  private final List<Map.Entry<String, Mapping.Entry>> list;
  private final @Nullable Map<String, Mapping.Entry> index;

  private Entries(
      List<Map.Entry<String, Mapping.Entry>> list, @Nullable Map<String, Mapping.Entry> index) {
    this.list = list;
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

  private static Mapping.@Nullable Entry find(
      List<Map.Entry<String, Mapping.Entry>> list,
      @Nullable Map<String, Mapping.Entry> index,
      @Nullable Object key) {
    if (index != null) {
      return index.get(key);
    }
    for (int i = 0; i < list.size(); i++) {
      Map.Entry<String, Mapping.Entry> entry = list.get(i);
      if (entry.getKey().equals(key)) {
        return entry.getValue();
      }
    }
    return null;
  }

  @Override
  public Mapping.@Nullable Entry get(@Nullable Object key) {
    return find(list, index, key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return list.size();
  }

  @Override
  public Set<Map.Entry<String, Mapping.Entry>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Mapping.Entry>> iterator() {
        return list.iterator();
      }

      @Override
      public int size() {
        return list.size();
      }
    };
  }

  /// Entries that a reader adds one by one.
  static final class Builder {
    private final List<Map.Entry<String, Mapping.Entry>> list = new ArrayList<>(FEW / 2);
    private @Nullable Map<String, Mapping.Entry> index;

    Mapping.@Nullable Entry get(String key) {
      return find(list, index, key);
    }

    /// The key must be new.
    void add(String key, Mapping.Entry entry) {
      list.add(Map.entry(key, entry));
      if (index != null) {
        index.put(key, entry);
      } else if (list.size() > FEW) {
        index = HashMap.newHashMap(2 * list.size());
        for (Map.Entry<String, Mapping.Entry> each : list) {
          index.put(each.getKey(), each.getValue());
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
      return new Entries(Collections.unmodifiableList(list), index);
    }
  }
}
