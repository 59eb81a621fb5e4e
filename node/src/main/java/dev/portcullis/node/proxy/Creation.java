package dev.portcullis.node.proxy;

import dev.portcullis.node.cri.ContainerCreation;
import dev.portcullis.node.cri.SeccompRequest;
import java.util.Map;

/// What a decision about a container depends on.
///
/// @param api the version of CRI that the kubelet speaks
/// @param annotations all of the pod's, as the kubelet passes them
/// @param seccomp what the kubelet asks for
record Creation(
    Api api,
    String pod,
    String container,
    Map<String, String> annotations,
    boolean privileged,
    SeccompRequest seccomp) {

  /// A version of CRI. Their messages are the same; what a kubelet writes into them is not.
  enum Api {
    /// Of kubelets up to 1.25.
    V1_ALPHA_2,
    /// Of kubelets from 1.23 on.
    V1;

    static Api of(String method) {
      return method.startsWith("runtime.v1alpha2.") ? V1_ALPHA_2 : V1;
    }
  }

  static Creation of(Api api, ContainerCreation request) {
    return new Creation(
        api,
        request.pod().namespace() + "/" + request.pod().name(),
        request.container(),
        request.podAnnotations(),
        request.privileged(),
        request.seccomp());
  }
}
