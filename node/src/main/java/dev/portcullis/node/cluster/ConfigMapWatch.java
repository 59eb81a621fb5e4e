package dev.portcullis.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.node.distribution.ProfileConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
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

  private ConfigMapWatch(ClusterConnection connection, String namespace, Runnable changed) {
    watch =
        ObjectWatch.start(
            connection
                .client()
                .configMaps()
                .inNamespace(namespace)
                .withLabel(ProfileConfigMap.LABEL, "true"),
            PAGE,
            "ConfigMaps in namespace \"" + namespace + "\"",
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
  /// @param changed called after every change, by another thread
  public static ConfigMapWatch follow(
      ClusterConnection connection, String namespace, Runnable changed) {
    return new ConfigMapWatch(connection, namespace, changed);
  }

  /// All of them, as they were last seen; null until the first list is in, as a whole: what is
  /// missing in it would be taken away.
  public @Nullable Collection<ProfileConfigMap> all() {
    return watch.synced() && known.keySet().equals(watch.names())
        ? List.copyOf(known.values())
        : null;
  }

  static ProfileConfigMap read(ConfigMap map) {
    ObjectMeta metadata = map.getMetadata();
    Map<String, byte[]> files = new HashMap<>();
    if (map.getData() != null) {
      map.getData().forEach((key, text) -> files.put(key, text.getBytes(UTF_8)));
    }
    if (map.getBinaryData() != null) {
      map.getBinaryData().forEach((key, base64) -> files.put(key, decoded(base64)));
    }
    Map<String, String> annotations = metadata.getAnnotations();
    return new ProfileConfigMap(
        metadata.getNamespace() + "/" + metadata.getName(),
        created(metadata),
        annotations == null ? null : annotations.get(ProfileConfigMap.DIRECTORY),
        files);
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException garbage) {
      // An API server has none. What is no profile is refused where all are looked at.
      return new byte[0];
    }
  }

  private static Instant created(ObjectMeta metadata) {
    try {
      return Instant.parse(String.valueOf(metadata.getCreationTimestamp()));
    } catch (DateTimeParseException none) {
      return Instant.MAX;
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
