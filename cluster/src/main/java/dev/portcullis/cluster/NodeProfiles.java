package dev.portcullis.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// The kind of the objects in which nodes tell which profiles they have: written by nodes, read by
/// the webhook, one for each Node and of its name.
public final class NodeProfiles {
  public static final String API_VERSION = "portcullis.dev/v1alpha1";
  public static final String KIND = "NodeProfiles";

  /// For the client, which asks the API server about kinds that nobody describes to it.
  public static final ResourceDefinitionContext CONTEXT =
      new ResourceDefinitionContext.Builder()
          .withGroup("portcullis.dev")
          .withVersion("v1alpha1")
          .withKind(KIND)
          .withPlural("nodeprofiles")
          .withNamespaced(false)
          .build();

  private NodeProfiles() {}
}
