package dev.portcullis.pods.decide;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldError.Kind;
import dev.portcullis.pods.spec.Pod;
import java.util.List;

/// What became of a pod: the decisions about its containers, and about itself.
///
/// @param namespace the one it is judged in
/// @param containers none of a Windows pod that is left alone
/// @param reasons why it is refused, each said once; empty where it is admitted
/// @param remedies what would help where only grants are missing, what needs no administrator first
/// @param warnings what its author should know, admitted or not
public record Judgement(
    Pod pod,
    String namespace,
    List<ContainerDecision> containers,
    List<FieldError> reasons,
    List<Remedy> remedies,
    List<Warning> warnings) {

  public Judgement {
    containers = List.copyOf(containers);
    reasons = List.copyOf(reasons);
    remedies = List.copyOf(remedies);
    warnings = List.copyOf(warnings);
    if (reasons.isEmpty()) {
      containers.forEach(Judgement::requireAdmitted);
    }
  }

  private static void requireAdmitted(ContainerDecision decision) {
    switch (decision) {
      case ContainerDecision.Admitted _ -> {}
      case ContainerDecision.InvalidPod _,
          ContainerDecision.Refused _,
          ContainerDecision.Undecided _,
          ContainerDecision.Unusable _ ->
          throw new IllegalArgumentException("no reason is given against the pod: " + decision);
    }
  }

  public boolean admitted() {
    return reasons.isEmpty();
  }

  /// Whether it is refused because the grants could not be read; a later attempt can give another
  /// result.
  public boolean undecided() {
    return reasons.stream().anyMatch(reason -> reason.kind() == Kind.INTERNAL);
  }

  /// What the warnings say.
  public List<String> warningTexts() {
    return warnings.stream().map(Warning::text).toList();
  }

  /// The same with other warnings.
  public Judgement withWarnings(List<Warning> others) {
    return new Judgement(pod, namespace, containers, reasons, remedies, others);
  }
}
