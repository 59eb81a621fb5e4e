package dev.portcullis.cluster;

import java.net.HttpURLConnection;
import java.util.ArrayList;
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

  private static final int MOST_LISTS = 3;

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
            connection,
            those(namespace, kind),
            new WatchTarget("ConfigMaps in namespace \"" + namespace + "\"", need),
            pace,
            PAGE,
            map -> {
              known.put(map.name(), read(kind.reader(), map));
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

  private static ApiCollection those(String namespace, Kind<?> kind) {
    return ApiCollection.of("/api/v1", namespace, "configmaps").withLabels(kind.label() + "=true");
  }

  /// All of them, as the API server has them now.
  ///
  /// @throws ApiFailure also where they may not be listed
  public static <T> Collection<T> list(ClusterConnection connection, String namespace, Kind<T> kind)
      throws ApiFailure {
    String what =
        "list the ConfigMaps with " + kind.words() + " in namespace \"" + namespace + "\"";
    for (int tries = 1; ; tries++) {
      try {
        return all(new PagedList(connection, those(namespace, kind), PAGE, what), kind.reader());
      } catch (ApiFailure failed) {
        // Between two pages the server forgot what it had begun to list.
        if (failed.code() != HttpURLConnection.HTTP_GONE || tries == MOST_LISTS) {
          throw failed;
        }
      }
    }
  }

  private static <T> List<T> all(PagedList list, Reader<T> reader) throws ApiFailure {
    List<T> all = new ArrayList<>();
    for (List<StoredObject> page = list.next(); page != null; page = list.next()) {
      page.forEach(map -> all.add(read(reader, map)));
    }
    return all;
  }

  private static <T> T read(Reader<T> reader, StoredObject map) {
    String created = StoredObject.text(map.metadata(), "creationTimestamp");
    return reader.read(
        map.namespace() + "/" + map.name(),
        created.isEmpty() ? null : created,
        map.annotations(),
        StoredObject.texts(map.whole(), "data"),
        StoredObject.texts(map.whole(), "binaryData"));
  }

  @Override
  public void close() {
    watch.close();
  }
}
