package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.util.List;

/// Everything that a cluster stores, to see what an installation leaves behind.
final class ClusterContent {
  private ClusterContent() {}

  /// The names of all objects, `configmap/web`; of events and leases none, which come by
  /// themselves.
  static List<String> of(Cluster cluster) throws IOException {
    String kinds =
        String.join(
            ",",
            cluster
                .admin("api-resources", "--verbs=list", "-o=name")
                .lines()
                .filter(kind -> !kind.startsWith("events") && !kind.startsWith("leases."))
                .toList());
    return cluster.admin("get", kinds, "-A", "-o=name").lines().distinct().sorted().toList();
  }
}
