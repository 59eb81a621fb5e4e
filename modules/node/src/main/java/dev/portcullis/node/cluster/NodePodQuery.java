package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ApiCollection;

/// What is watched of a node's pods: those that have not ended. A kubelet's account may ask for the
/// pods of its own node alone.
final class NodePodQuery {
  private NodePodQuery() {}

  static ApiCollection of(String node) {
    return ApiCollection.of("/api/v1/pods")
        .withFields("spec.nodeName=" + node + ",status.phase!=Succeeded,status.phase!=Failed");
  }
}
