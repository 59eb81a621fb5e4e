package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.util.List;

/// Everything that a cluster stores, to see what an installation leaves behind.
final class ClusterContent {
  private ClusterContent() {}

  /// The same, when nothing of earlier tests is on its way out any more: what goes later would be
  /// missed afterwards.
  static List<String> settled(Cluster cluster) throws IOException {
    cluster.waitUntil(
        "no namespace of an earlier test is on its way out",
        () ->
            !cluster
                .admin("get", "namespaces", "-o=jsonpath={.items[*].status.phase}")
                .contains("Terminating"));
    return of(cluster);
  }

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
