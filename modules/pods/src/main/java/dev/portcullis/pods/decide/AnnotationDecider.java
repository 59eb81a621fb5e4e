package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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

  /// Why a pod may not have them that may run without a filter: `unconfined` is a grant of no
  /// filter, not of rights, nor of the filters of others.
  private List<FieldError> deceiving() {
    // Once: there may be ten thousand of both.
    Optional<Container> keepsRights = first(each -> !each.rights().noNewPrivileges());
    Optional<Container> filtered = first(_ -> true);
    List<FieldError> reasons = new ArrayList<>();
    for (Annotation annotation : pod.runtimeAnnotations()) {
      Optional<String> reason =
          switch (RefusalText.known(annotation).kind()) {
            case FILTER -> keepsRights.map(each -> RefusalText.deceiving(annotation, each));
            case PROFILE -> filtered.map(each -> RefusalText.foreignProfile(annotation, each));
            case CHECKPOINT, RUNTIME -> Optional.empty();
          };
      reason.ifPresent(text -> reasons.add(FieldError.forbidden(annotation.path(), text)));
    }
    return reasons;
  }

  /// The first container that is so and not privileged: a privileged one has no filter, and every
  /// right.
  private Optional<Container> first(Predicate<Container> so) {
    return pod.spec().containers().stream()
        .filter(each -> !each.privileged() && so.test(each))
        .findFirst();
  }
}
