package dev.portcullis.node.proxy;

import dev.portcullis.pods.resolve.Origin;

/// Where the profile of a container on this node came from.
public enum SelectionOrigin {
  /// The kubelet named it, by a field of the pod or of the container, or by its own default. CRI
  /// does not show which.
  KUBELET("kubelet"),
  /// The annotation with the container's name.
  CONTAINER_ANNOTATION(Origin.CONTAINER_ANNOTATION.text()),
  /// The pod's annotation.
  POD_ANNOTATION(Origin.POD_ANNOTATION.text()),
  /// None was named: the node's default.
  NODE_DEFAULT("node-default"),
  /// The container is privileged, and no runtime filters it.
  PRIVILEGED("privileged");

  private final String text;

  SelectionOrigin(String text) {
    this.text = text;
  }

  /// The word for it in results.
  public String text() {
    return text;
  }
}
