package dev.portcullis.run.pod;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import java.util.List;

/// What to do to run one container.
///
/// @param decision the profile it runs under, and by what right
/// @param sidecar whether it is an init container whose end is not waited for
public record ContainerPlan(
    Admitted decision,
    boolean sidecar,
    Image image,
    Program program,
    List<VolumeMount> mounts,
    Rights rights,
    ContainerSpec.Limits limits) {

  public ContainerPlan {
    mounts = List.copyOf(mounts);
  }

  public String name() {
    return decision.container().name();
  }

  public boolean privileged() {
    return decision.container().privileged();
  }

  /// Which image.
  public record Image(String reference, PullPolicy policy) {}

  /// When an image is fetched (`imagePullPolicy`).
  public enum PullPolicy {
    ALWAYS,
    IF_NOT_PRESENT,
    NEVER
  }

  /// What it executes.
  public record Program(
      List<String> command, List<String> args, Environment environment, String workingDirectory) {
    public Program {
      command = List.copyOf(command);
      args = List.copyOf(args);
    }
  }

  /// Where it sees a volume.
  ///
  /// @param subPath a part of the volume; empty for all of it
  public record VolumeMount(String volume, String mountPath, String subPath, boolean readOnly) {}

  /// What it may do, the profile aside.
  ///
  /// @param nonRoot whether it may not start as root, no matter as whom its image runs
  public record Rights(
      ContainerSpec.User user,
      ContainerSpec.Capabilities capabilities,
      boolean readOnlyRoot,
      boolean noNewPrivileges,
      boolean nonRoot) {}
}
