package dev.portcullis.run.pod;

import dev.portcullis.cri.SandboxSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to do to run a pod: its manifest understood, with nothing left out.
public record PodPlan(
    Identity identity,
    Shape shape,
    Map<String, Volume> volumes,
    List<ContainerPlan> init,
    List<ContainerPlan> containers) {

  public PodPlan {
    volumes = Map.copyOf(volumes);
    init = List.copyOf(init);
    containers = List.copyOf(containers);
  }

  /// Who the pod is.
  ///
  /// @param source the file it came from, for messages
  /// @param uid made for this run
  public record Identity(
      String source,
      String namespace,
      String name,
      String uid,
      Metadata metadata,
      String serviceAccount) {

    /// Its name and namespace, for messages.
    public String label() {
      return namespace + "/" + name;
    }
  }

  /// What it says about itself.
  public record Metadata(Map<String, String> labels, Map<String, String> annotations) {
    public Metadata {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }

  /// What its containers share.
  ///
  /// @param handler the runtime handler; empty for the runtime's default
  /// @param volumeGroup the group that owns the volumes; null for none
  /// @param grace how long its containers have to end after SIGTERM
  public record Shape(
      String handler,
      SandboxSpec.Network network,
      SandboxSpec.Isolation isolation,
      @Nullable Long volumeGroup,
      Duration grace) {}

  /// The runtime's handler for its containers.
  ///
  /// @param usual where the pod names none
  public String handler(String usual) {
    return shape.handler().isEmpty() ? usual : shape.handler();
  }

  /// All containers, in the order in which they start.
  public List<ContainerPlan> all() {
    List<ContainerPlan> all = new ArrayList<>(init);
    all.addAll(containers);
    return all;
  }
}
