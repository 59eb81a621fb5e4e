import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Map;

/// The time that it takes to create a pod, in several ways by turns.
final class PodCreation {
  private final Map<String, Latencies> times = new LinkedHashMap<>();
  private int pods;

  /// One way.
  ///
  /// @param client of the API server that is asked
  /// @param namespace its label says whether a webhook is asked
  record Way(String name, KubernetesClient client, String namespace) {}

  /// Creates and deletes a pod in each of them, again and again. The first rounds are not counted:
  /// they warm everything up.
  void measure(Iterable<Way> ways, int rounds) {
    int warm = rounds / 4;
    for (int round = 0; round < warm + rounds; round++) {
      for (Way way : ways) {
        String name = "pod-" + pods++;
        String path = "/api/v1/namespaces/" + way.namespace() + "/pods";
        String pod = World.pod(way.namespace(), name);
        long begin = System.nanoTime();
        String made = way.client().raw(path, "POST", pod);
        long took = System.nanoTime() - begin;
        if (made == null || !made.contains("\"uid\"")) {
          throw new IllegalStateException(way.name() + ": no pod was made: " + made);
        }
        if (round >= warm) {
          times.computeIfAbsent(way.name(), _ -> new Latencies()).add(took);
        }
        way.client()
            .raw(path + "/" + name, "DELETE", "{\"apiVersion\": \"v1\", \"kind\": \"DeleteOptions\", \"gracePeriodSeconds\": 0}");
      }
    }
  }

  Latencies of(String way) {
    return times.get(way);
  }
}
