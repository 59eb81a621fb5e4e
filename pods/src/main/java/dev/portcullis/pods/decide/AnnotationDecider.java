package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Decides about annotations of a pod by which a runtime would take another filter than those that
/// it names. A pod with one needs the right to run without a filter.
record AnnotationDecider(Pod pod, UsablePolicies usablePolicies, NoPolicyDefault withoutPolicies) {

  /// Why the pod may not have them; nothing where it may, or has none.
  List<FieldError> reasons() {
    if (pod.runtimeAnnotations().isEmpty()) {
      return List.of();
    }
    if (usablePolicies.withoutPolicies() && withoutPolicies.allows(ProfileName.UNCONFINED)) {
      return deceiving();
    }
    return switch (usablePolicies.allowing(
        new UsablePolicies.Question(ProfileName.UNCONFINED, ""))) {
      case UsablePolicies.Search.Found _ -> deceiving();
      case UsablePolicies.Search.None _ ->
          each(annotation ->
              FieldError.forbidden(
                  annotation.path(), usablePolicies.refusal(withoutPolicies).explain(annotation)));
      case UsablePolicies.Search.Unknown(String why) ->
          each(annotation ->
              FieldError.internal(annotation.path(), RefusalText.undecided(annotation, why)));
    };
  }

  private List<FieldError> each(Function<Annotation, FieldError> reason) {
    return pod.runtimeAnnotations().stream().map(reason).toList();
  }

  /// Who chooses a filter that is loaded before a container gives rights up chooses its rights, and
  /// `unconfined` is a grant of no filter, not of rights.
  private List<FieldError> deceiving() {
    Optional<Container> keepsRights =
        pod.spec().containers().stream()
            .filter(each -> !each.privileged() && !each.rights().noNewPrivileges())
            .findFirst();
    return keepsRights.isEmpty()
        ? List.of()
        : pod.runtimeAnnotations().stream()
            .filter(each -> RefusalText.known(each).kind() == RuntimeAnnotation.Kind.FILTER)
            .map(each ->
                FieldError.forbidden(
                    each.path(), RefusalText.deceiving(each, keepsRights.orElseThrow())))
            .toList();
  }
}
