import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.cluster.StoredObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The time that it takes to create a pod, in several ways by turns.
final class PodCreation {
  private final Map<String, Latencies> times = new LinkedHashMap<>();
  private int pods;

  /// One way.
  ///
  /// @param connection to the API server that is asked
  /// @param namespace its label says whether a webhook is asked
  record Way(String name, ClusterConnection connection, String namespace) {}

  /// Creates and deletes a pod in each of them, again and again. The first rounds are not counted:
  /// they warm everything up.
  void measure(Iterable<Way> ways, int rounds) throws IOException {
    int warm = rounds / 4;
    for (int round = 0; round < warm + rounds; round++) {
      for (Way way : ways) {
        String name = "pod-" + pods++;
        String path = "/api/v1/namespaces/" + way.namespace() + "/pods";
        String pod = World.pod(way.namespace(), name);
        long begin = System.nanoTime();
        Mapping made = World.make(way.connection(), path, pod);
        long took = System.nanoTime() - begin;
        if (new StoredObject(made).uid().isEmpty()) {
          throw new IllegalStateException(way.name() + ": no pod was made: " + made);
        }
        if (round >= warm) {
          times.computeIfAbsent(way.name(), _ -> new Latencies()).add(took);
        }
        way.connection().delete(path + "/" + name + "?gracePeriodSeconds=0", "delete the pod");
      }
    }
  }

  Latencies of(String way) {
    return times.get(way);
  }
}
