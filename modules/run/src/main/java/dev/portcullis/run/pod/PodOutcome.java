package dev.portcullis.run.pod;

import dev.portcullis.container.proof.Proof;
import dev.portcullis.kernel.process.SeccompState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a pod's run ended, or how it stands.
///
/// @param failure why it could not run to its end; null where it did, or where it still runs
/// @param left what could not be removed, each with where it is and why
public record PodOutcome(
    PodPlan plan, List<ContainerOutcome> containers, @Nullable String failure, List<String> left) {

  public PodOutcome {
    containers = List.copyOf(containers);
    left = List.copyOf(left);
  }

  /// How a container ended, or how it stands.
  ///
  /// @param kernel what the kernel said of its first process, the last time it was asked; null
  ///   where it never could be
  /// @param proof whether the filter is that of its profile; null where that was not to be proven,
  ///   or it ended before
  /// @param exitCode null while it has none
  public record ContainerOutcome(
      ContainerPlan plan,
      @Nullable SeccompState kernel,
      @Nullable Proof proof,
      @Nullable Integer exitCode,
      Phase phase) {}

  /// Where a container is in its life.
  public enum Phase {
    NOT_STARTED("not started"),
    RUNNING("running"),
    /// By itself.
    ENDED("ended"),
    /// By us, because the time was over or the run was.
    STOPPED("stopped"),
    /// By us, because it should have had a filter and had none.
    UNFILTERED("stopped: no filter"),
    /// By us, because it could do more than was asked for it.
    EXCESS("stopped: more rights"),
    /// By us, because it was to be proven that it has the filter of its profile, and it is not so,
    /// or cannot be known.
    UNPROVEN("stopped: not proven");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /// Whether a container ended by itself with another exit code than 0.
  public boolean endedBadly() {
    return containers.stream()
        .anyMatch(it -> it.phase() == Phase.ENDED && it.exitCode() != null && it.exitCode() != 0);
  }
}
