package dev.portcullis.cluster;

/// The kind of the objects in which nodes report which profiles they have: written by nodes, read
/// by the webhook, one for each Node and of its name.
public final class NodeProfiles {
  public static final String API_VERSION = "portcullis.dev/v1alpha1";
  public static final String KIND = "NodeProfiles";

  /// Of all nodes.
  public static final ApiCollection ALL =
      ApiCollection.of("/apis/" + API_VERSION + "/nodeprofiles");

  private NodeProfiles() {}
}
