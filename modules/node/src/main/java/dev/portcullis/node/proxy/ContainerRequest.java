package dev.portcullis.node.proxy;

import dev.portcullis.cri.ContainerCreation;
import dev.portcullis.cri.SeccompRequest;
import dev.portcullis.pods.spec.Rights;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.Map;

/// What a decision about a container depends on.
///
/// @param annotations all of the pod's, as the kubelet passes them
/// @param rights what the kubelet made of the container's security context
/// @param seccomp what the kubelet asks for
record ContainerRequest(
    String pod,
    String container,
    Map<String, String> annotations,
    Rights rights,
    SeccompRequest seccomp) {

  /// Whether the pod asks for a proof that its containers have the filters of their profiles. What
  /// is neither yes nor no counts as yes: a proof too many does no harm.
  boolean wantsProof() {
    String prove = annotations.get(SeccompKeys.PROVE);
    return prove != null && !prove.equals("false");
  }

  static ContainerRequest of(ContainerCreation request) {
    return new ContainerRequest(
        request.pod().namespace() + "/" + request.pod().name(),
        request.container(),
        request.podAnnotations(),
        new Rights(request.privileged(), !request.noNewPrivileges(), request.addedCapabilities()),
        request.seccomp());
  }
}
