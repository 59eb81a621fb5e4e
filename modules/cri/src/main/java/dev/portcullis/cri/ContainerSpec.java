package dev.portcullis.cri;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A container of a sandbox.
public record ContainerSpec(
    Identity identity, Program program, List<Mount> mounts, Security security, Limits limits) {

  public ContainerSpec {
    mounts = List.copyOf(mounts);
  }

  /// Which container.
  ///
  /// @param logPath relative to the sandbox's log directory
  public record Identity(
      String name,
      String image,
      String logPath,
      Map<String, String> labels,
      Map<String, String> annotations) {
    public Identity {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }

  /// What it executes. An empty command, empty arguments and an empty directory leave the image's.
  public record Program(
      List<String> command,
      List<String> args,
      SequencedMap<String, String> environment,
      String workingDirectory) {
    public Program {
      command = List.copyOf(command);
      args = List.copyOf(args);
      environment = new LinkedHashMap<>(environment);
    }
  }

  /// A file or directory of the node, seen in the container.
  public record Mount(String containerPath, Path hostPath, boolean readOnly) {}

  /// What it may do.
  ///
  /// @param privileged everything; every runtime then drops the seccomp profile as well
  /// @param noNewPrivileges the field `allowPrivilegeEscalation: false`
  public record Security(
      boolean privileged,
      SeccompSetting seccomp,
      User user,
      Capabilities capabilities,
      boolean readOnlyRoot,
      boolean noNewPrivileges) {}

  /// Whose rights it has. Null leaves the image's user, and the group that belongs to it.
  public record User(@Nullable Long uid, @Nullable Long gid, List<Long> supplementalGroups) {
    public static final User OF_IMAGE = new User(null, null, List.of());

    public User {
      supplementalGroups = List.copyOf(supplementalGroups);
    }
  }

  /// Changes to the runtime's default set. Names without `CAP_`, or `ALL`.
  public record Capabilities(List<String> add, List<String> drop) {
    public static final Capabilities DEFAULT = new Capabilities(List.of(), List.of());

    public Capabilities {
      add = List.copyOf(add);
      drop = List.copyOf(drop);
    }
  }

  /// What it may use; 0 means no limit.
  ///
  /// @param cpuQuota microseconds in each cpuPeriod
  /// @param cpuPeriod microseconds
  /// @param cpuShares the weight against other containers
  /// @param oomScoreAdj as in proc(5): higher dies first when memory runs out
  public record Limits(
      long memoryBytes, long cpuQuota, long cpuPeriod, long cpuShares, int oomScoreAdj) {
    public static final Limits NONE = new Limits(0, 0, 0, 0, 0);
  }
}
