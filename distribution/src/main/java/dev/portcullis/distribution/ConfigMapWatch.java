package dev.portcullis.distribution;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.WatchTarget;
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

/// The ConfigMaps with profiles, and no others.
public final class ConfigMapWatch implements AutoCloseable {
  /// Each may have 1 MiB.
  private static final long PAGE = 4;

  private final ConcurrentMap<String, ProfileConfigMap> known = new ConcurrentHashMap<>();
  private final ObjectWatch watch;

  private ConfigMapWatch(
      ClusterConnection connection, String namespace, WatchTarget.Need need, Runnable changed) {
    watch =
        ObjectWatch.start(
            those(connection, namespace),
            new WatchTarget("ConfigMaps in namespace \"" + namespace + "\"", need),
            PAGE,
            ConfigMap::new,
            map -> {
              known.put(map.getMetadata().getName(), read(map));
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
  /// @param changed called after every change, by another thread
  public static ConfigMapWatch follow(
      ClusterConnection connection, String namespace, WatchTarget.Need need, Runnable changed) {
    return new ConfigMapWatch(connection, namespace, need, changed);
  }

  /// All of them, as they were last seen; null until the first list is in, as a whole: what is
  /// missing in it would be taken away.
  public @Nullable Collection<ProfileConfigMap> all() {
    return watch.synced() && known.keySet().equals(watch.names())
        ? List.copyOf(known.values())
        : null;
  }

  private static FilterWatchListDeletable<ConfigMap, ConfigMapList, Resource<ConfigMap>> those(
      ClusterConnection connection, String namespace) {
    return connection
        .client()
        .configMaps()
        .inNamespace(namespace)
        .withLabel(ProfileConfigMap.LABEL, "true");
  }

  /// All of them, as the API server has them now.
  ///
  /// @throws IOException also where they may not be listed
  public static Collection<ProfileConfigMap> list(ClusterConnection connection, String namespace)
      throws IOException {
    try {
      return those(connection, namespace).list().getItems().stream()
          .map(ConfigMapWatch::read)
          .toList();
    } catch (KubernetesClientException failed) {
      throw connection.failure(
          "list the ConfigMaps with profiles in namespace \"" + namespace + "\"", failed);
    }
  }

  private static ProfileConfigMap read(ConfigMap map) {
    ObjectMeta metadata = map.getMetadata();
    return ProfileConfigMap.of(
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
