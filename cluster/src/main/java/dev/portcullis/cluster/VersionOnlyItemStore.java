package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an informer must remember of cluster-scoped objects to tell what is new and what is gone:
/// their names and versions. What matters in them has been read by then, and a thousand objects
/// with their managed fields are ten megabytes.
final class VersionOnlyItemStore<T extends HasMetadata> implements ItemStore<T> {
  private final Supplier<T> empty;
  private final ConcurrentMap<String, String> versions = new ConcurrentHashMap<>();

  /// @param empty makes an object with nothing in it
  VersionOnlyItemStore(Supplier<T> empty) {
    this.empty = empty;
  }

  @Override
  public String getKey(T object) {
    return object.getMetadata().getName();
  }

  @Override
  public @Nullable T put(String key, T object) {
    return known(key, versions.put(key, object.getMetadata().getResourceVersion()));
  }

  @Override
  public @Nullable T remove(String key) {
    return known(key, versions.remove(key));
  }

  @Override
  public @Nullable T get(String key) {
    return known(key, versions.get(key));
  }

  private @Nullable T known(String name, @Nullable String version) {
    if (version == null) {
      return null;
    }
    T object = empty.get();
    object.setMetadata(new ObjectMetaBuilder().withName(name).withResourceVersion(version).build());
    return object;
  }

  /// Forgets all others: an informer then takes them for new ones.
  void retain(Set<String> names) {
    versions.keySet().retainAll(names);
  }

  @Override
  public Stream<String> keySet() {
    return versions.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return versions.keySet().stream().map(this::get);
  }

  @Override
  public int size() {
    return versions.size();
  }

  @Override
  public boolean isFullState() {
    return false;
  }
}
