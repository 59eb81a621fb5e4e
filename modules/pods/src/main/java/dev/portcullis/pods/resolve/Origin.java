package dev.portcullis.pods.resolve;

/// Where a container's profile name came from. The order is that of precedence: the first one that
/// is present decides (Kubernetes' `getSeccompProfilePath`, and the two defaults below it).
public enum Origin {
  /// `securityContext.seccompProfile` of the container.
  CONTAINER_FIELD("container-field"),
  /// The annotation with the container's name. It beats the pod's field.
  CONTAINER_ANNOTATION("container-annotation"),
  /// `securityContext.seccompProfile` of the pod.
  POD_FIELD("pod-field"),
  /// The pod's annotation.
  POD_ANNOTATION("pod-annotation"),
  /// The pod names none: the default of a policy that it may use.
  POLICY_DEFAULT("policy-default"),
  /// The pod names none and no policy has a default.
  CLUSTER_DEFAULT("cluster-default");

  private final String text;

  Origin(String text) {
    this.text = text;
  }

  /// The word for it in results.
  public String text() {
    return text;
  }
}
