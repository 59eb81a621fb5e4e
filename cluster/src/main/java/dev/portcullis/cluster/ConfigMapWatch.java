package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The ConfigMaps of one namespace that have a label, and no others.
///
/// @param <T> what is kept of each
public final class ConfigMapWatch<T> implements AutoCloseable {
  /// Each may have 1 MiB.
  private static final long PAGE = 4;

  private final ConcurrentMap<String, T> known = new ConcurrentHashMap<>();
  private final ObjectWatch watch;

  /// Which are meant, and what is made of each.
  ///
  /// @param label that they have, with the value `true`
  /// @param words what is in them, for messages: `profiles`
  public record Kind<T>(String label, String words, Reader<T> reader) {}

  /// Makes something of a ConfigMap.
  public interface Reader<T> {
    /// What is kept of one.
    ///
    /// @param name with its namespace, `portcullis-profiles/web`
    /// @param created its `creationTimestamp`; null where it has none
    /// @param binaryData in base64
    T read(
        String name,
        @Nullable String created,
        Map<String, String> annotations,
        Map<String, String> data,
        Map<String, String> binaryData);
  }

  private ConfigMapWatch(
      ClusterConnection connection,
      String namespace,
      Kind<T> kind,
      WatchTarget.Need need,
      WatchPace pace,
      Runnable changed) {
    watch =
        ObjectWatch.start(
            those(connection, namespace, kind),
            new WatchTarget("ConfigMaps in namespace \"" + namespace + "\"", need),
            pace,
            PAGE,
            ConfigMap::new,
            map -> {
              known.put(map.getMetadata().getName(), read(kind.reader(), map));
              changed.run();
            },
            name -> {
              known.remove(name);
              changed.run();
            });
  }

  /// Begins to follow them.
  ///
  /// @param need of them where they may not be seen
  /// @param pace how often an API server is asked that does not answer
  /// @param changed called after every change, by another thread
  public static <T> ConfigMapWatch<T> follow(
      ClusterConnection connection,
      String namespace,
      Kind<T> kind,
      WatchTarget.Need need,
      WatchPace pace,
      Runnable changed) {
    return new ConfigMapWatch<>(connection, namespace, kind, need, pace, changed);
  }

  /// All of them, as they were last seen; null until the first list is in, as a whole: what is
  /// missing in it would be taken away.
  public @Nullable Collection<T> all() {
    return watch.synced() && known.keySet().equals(watch.names())
        ? List.copyOf(known.values())
        : null;
  }

  private static FilterWatchListDeletable<ConfigMap, ConfigMapList, Resource<ConfigMap>> those(
      ClusterConnection connection, String namespace, Kind<?> kind) {
    return connection.client().configMaps().inNamespace(namespace).withLabel(kind.label(), "true");
  }

  /// All of them, as the API server has them now.
  ///
  /// @throws IOException also where they may not be listed
  public static <T> Collection<T> list(ClusterConnection connection, String namespace, Kind<T> kind)
      throws IOException {
    try {
      return those(connection, namespace, kind).list().getItems().stream()
          .map(map -> read(kind.reader(), map))
          .toList();
    } catch (KubernetesClientException failed) {
      throw connection.failure(
          "list the ConfigMaps with " + kind.words() + " in namespace \"" + namespace + "\"",
          failed);
    }
  }

  private static <T> T read(Reader<T> reader, ConfigMap map) {
    ObjectMeta metadata = map.getMetadata();
    return reader.read(
        metadata.getNamespace() + "/" + metadata.getName(),
        metadata.getCreationTimestamp(),
        orEmpty(metadata.getAnnotations()),
        orEmpty(map.getData()),
        orEmpty(map.getBinaryData()));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  @Override
  public void close() {
    watch.close();
  }
}
