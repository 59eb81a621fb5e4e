package dev.portcullis.node.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// What is watched of a node's pods: those that have not ended. A kubelet's account may ask for the
/// pods of its own node alone.
final class NodePodQuery {
  /// Not the client's own type: its classes for all that a pod can have take a node's memory.
  private static final ResourceDefinitionContext PODS =
      new ResourceDefinitionContext.Builder()
          .withVersion("v1")
          .withKind("Pod")
          .withPlural("pods")
          .withNamespaced(true)
          .build();

  private NodePodQuery() {}

  static FilterWatchListDeletable<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      of(KubernetesClient client, String node) {
    return client
        .genericKubernetesResources(PODS)
        .inAnyNamespace()
        .withField("spec.nodeName", node)
        .withoutField("status.phase", "Succeeded")
        .withoutField("status.phase", "Failed");
  }
}
