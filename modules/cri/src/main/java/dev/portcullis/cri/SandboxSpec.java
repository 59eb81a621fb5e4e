package dev.portcullis.cri;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pod's sandbox: the namespaces that its containers share, held by a pause process.
///
/// It names no seccomp profile. The sandbox always runs under the runtime's default, as kubelet
/// sends it, whatever its pod names: a profile for the pod's programs need not allow what pause
/// needs.
public record SandboxSpec(
    Pod pod,
    Map<String, String> labels,
    Map<String, String> annotations,
    Network network,
    Isolation isolation,
    Placement placement) {

  public SandboxSpec {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /// Which pod. The runtime refuses a second sandbox of the same three and attempt.
  public record Pod(String name, String namespace, String uid) {}

  /// How the pod is reached.
  ///
  /// @param host the node's own network instead of one made by CNI
  /// @param hostname empty for the runtime's choice
  /// @param ports forwarded to the pod from the node's addresses, where CNI can
  public record Network(boolean host, String hostname, List<PortMapping> ports) {
    public Network {
      ports = List.copyOf(ports);
    }
  }

  /// A port of a container, seen from the node.
  ///
  /// @param hostPort the port on the node; 0 for none
  /// @param hostIp the node's address to listen on; empty for all
  public record PortMapping(Protocol protocol, int containerPort, int hostPort, String hostIp) {}

  /// What a port speaks.
  public enum Protocol {
    TCP,
    UDP,
    SCTP
  }

  /// Which process ids the pod's containers see.
  public enum Processes {
    /// Each container its own.
    OWN,
    /// Those of the whole pod.
    POD,
    /// Those of the node.
    HOST
  }

  /// Which namespaces it has.
  ///
  /// @param hostIpc the node's System V IPC and POSIX message queues
  /// @param privileged whether any container of the pod is
  /// @param runAsUser the pause process's user; null for the image's
  public record Isolation(
      Processes processes,
      boolean hostIpc,
      boolean privileged,
      @Nullable Long runAsUser,
      @Nullable Long runAsGroup) {

    /// What a pod gets that asks for nothing.
    public static final Isolation DEFAULT = new Isolation(Processes.OWN, false, false, null, null);
  }

  /// Where on the node its traces go.
  ///
  /// @param logDirectory where the containers' log files go; each is relative to it
  /// @param cgroupParent absolute in the cgroup file system, `/name`; empty for the runtime's
  ///   choice
  public record Placement(Path logDirectory, String cgroupParent) {}
}
