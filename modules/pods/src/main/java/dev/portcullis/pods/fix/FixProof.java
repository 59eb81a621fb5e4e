package dev.portcullis.pods.fix;

import dev.portcullis.documents.Position;
import dev.portcullis.documents.TreeComparison;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The proof that an edited document, read again, says what the one before said: every value is the
/// same but the ones that were to change, every container gets the same profile from Portcullis,
/// and no annotation is left that a Kubernetes without it would ignore.
final class FixProof {
  private static final StockKubernetes NEWEST = new StockKubernetes(StockKubernetes.NEWEST, false);

  private final FixRules rules;
  private final Judge judge;

  FixProof(FixRules rules) {
    this.rules = rules;
    ProfileName named = rules.defaultProfile();
    judge =
        new Judge(
            new PolicyScope.ValidityOnly(),
            named == null ? ProfileName.RUNTIME_DEFAULT : named,
            "default");
  }

  /// What is not as it should be; null where all is.
  @Nullable String failure(DocumentPlan plan, Value after) {
    Position place = TreeComparison.difference(plan.document(), after, plan.asked());
    if (place != null) {
      return "something else would change at line " + place.line();
    }
    List<Pod> now =
        DocumentPlan.objects(after).stream()
            .flatMap(object -> ObjectPlan.pods(object).stream())
            .toList();
    int next = 0;
    for (ObjectPlan object : plan.objects()) {
      for (Pod before : object.pods()) {
        String failure =
            next == now.size()
                ? "a pod would be missing"
                : failure(before, now.get(next), object.changes());
        if (failure != null) {
          return failure;
        }
        next++;
      }
    }
    return next == now.size() ? null : "there would be another pod";
  }

  private @Nullable String failure(Pod before, Pod after, boolean changed) {
    if (!profiles(before).equals(profiles(after))) {
      return "a container would get another profile";
    }
    if (!changed) {
      return null;
    }
    if (!after.errors().isEmpty()) {
      return "the pod would not be valid: " + after.errors().getFirst().message();
    }
    if (!NEWEST.ignoredAnnotations(after).isEmpty()
        || (rules.removeAnnotations() && !after.annotations().isEmpty())) {
      return "an annotation would be left";
    }
    return rules.defaultProfile() != null && namesNothing(after)
        ? "a container would be left for which nothing is named"
        : null;
  }

  private static boolean namesNothing(Pod pod) {
    return !pod.spec().windows()
        && pod.spec().containers().stream()
            .anyMatch(container ->
                ProfileResolver.requested(pod, container) instanceof RequestedProfile.Unnamed);
  }

  private List<String> profiles(Pod pod) {
    List<String> profiles = new ArrayList<>();
    for (ContainerDecision decision : judge.judge(pod).containers()) {
      Container container = decision.container();
      profiles.add(
          container.path()
              + " "
              + container.name()
              + " "
              + switch (decision) {
                case ContainerDecision.WithProfile named -> named.profile().text();
                case ContainerDecision.Unusable _ -> "";
              });
    }
    return profiles;
  }
}
