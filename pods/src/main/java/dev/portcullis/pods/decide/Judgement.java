package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a pod.
///
/// @param namespace the one it is judged in
/// @param reasons why it is refused; empty where it is admitted
/// @param warnings what its author should know, admitted or not
/// @param undecided whether it is refused because nobody could say who may use what; asked again,
///   the answer may be another
public record Judgement(
    Pod pod,
    String namespace,
    List<ContainerJudgement> containers,
    List<FieldError> reasons,
    List<String> warnings,
    boolean undecided) {

  public Judgement {
    containers = List.copyOf(containers);
    reasons = List.copyOf(reasons);
    warnings = List.copyOf(warnings);
  }

  public boolean admitted() {
    return reasons.isEmpty();
  }

  /// What became of one container.
  ///
  /// @param profile the one that it names, or gets where it names none; null where what the pod
  ///   names is unusable
  /// @param policy the first by name that allows it; null where none does, or none was asked. Of a
  ///   privileged container, which runs unconfined, it is the one that allows that
  /// @param proven what that policy allows it for; null where it names it
  public record ContainerJudgement(
      Container container,
      @Nullable ProfileName profile,
      Origin origin,
      boolean allowed,
      @Nullable String policy,
      @Nullable Proven proven) {

    /// Whether it runs without a filter: because it may, or because it is privileged.
    public boolean runsUnconfined() {
      return container.privileged() || ProfileName.UNCONFINED.equals(profile);
    }
  }
}
