package dev.portcullis.e2e.cluster;

import dev.portcullis.cri.ContainerStatus;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.ListItem;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// The containers of the node, by the names that their pods have in Kubernetes.
record Containers(Cri cri) {

  /// The process that a container runs. One that was started anew is listed beside its forerunners.
  Optional<Long> pid(String namespace, String pod, String container) throws CriException {
    // The kubelet's labels: pkg/kubelet/types/labels.go.
    Map<String, String> labels =
        Map.of(
            "io.kubernetes.pod.namespace", namespace,
            "io.kubernetes.pod.name", pod,
            "io.kubernetes.container.name", container);
    for (ListItem listed : cri.containers(labels)) {
      ContainerStatus status = cri.containerStatus(listed.id());
      if (status.state() instanceof ContainerStatus.Running && status.pid() != null) {
        return Optional.of(status.pid());
      }
    }
    return Optional.empty();
  }

  /// Removes those of a pod that have ended.
  ///
  /// @return whether none is left
  boolean removeEnded(String namespace, String pod) throws CriException {
    boolean left = false;
    for (ListItem listed :
        cri.containers(
            Map.of(
                "io.kubernetes.pod.namespace", namespace,
                "io.kubernetes.pod.name", pod))) {
      try {
        if (cri.containerStatus(listed.id()).state() instanceof ContainerStatus.Exited) {
          cri.removeContainer(listed.id());
        } else {
          left = true;
        }
      } catch (CriException meanwhile) {
        if (meanwhile.kind() != CriException.Kind.NOT_FOUND) {
          throw meanwhile;
        }
      }
    }
    return !left;
  }

  /// What the kernel says of that process, once it runs the container's program.
  Optional<SeccompState> seccomp(String namespace, String pod, String container)
      throws IOException, CriException {
    Optional<Long> pid = pid(namespace, pod, container);
    if (pid.isEmpty()) {
      return Optional.empty();
    }
    Optional<LiveProcess> process = LiveProcess.open(pid.get());
    if (process.isEmpty()) {
      return Optional.empty();
    }
    try (LiveProcess live = process.get()) {
      return live.seccompOfProgram(0);
    }
  }
}
