package dev.portcullis.cli.input;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.resolve.Origin;
import java.util.ArrayList;
import java.util.List;

/// What a closed default of a cluster concerns.
///
/// @param base the profile that it was made of, as it was given
/// @param policies the objects among which policies may be; none where none were given
/// @param noPolicies whether nobody said where policies are
/// @param restarted pods that get the default because they name no profile
/// @param named pods that name `runtime/default`
public record ClosedDefault(
    String base,
    List<KubernetesObject> policies,
    boolean noPolicies,
    List<String> restarted,
    List<String> named) {
  public ClosedDefault {
    policies = List.copyOf(policies);
    restarted = List.copyOf(restarted);
    named = List.copyOf(named);
  }

  /// By the pods that were given.
  public static ClosedDefault of(
      String base, List<KubernetesObject> policies, boolean noPolicies, List<JudgedPod> pods) {
    List<String> restarted = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (JudgedPod pod : pods) {
      boolean byDefault = false;
      boolean byName = false;
      for (ContainerDecision decision : pod.judgement().containers()) {
        if (decision instanceof ContainerDecision.WithProfile container
            && container.profile().equals(ProfileName.RUNTIME_DEFAULT)
            && !container.container().privileged()) {
          byDefault |= isDefault(container.origin());
          byName |= !isDefault(container.origin());
        }
      }
      if (byDefault) {
        restarted.add(ExposureSubjects.podName(pod));
      }
      if (byName) {
        named.add(ExposureSubjects.podName(pod));
      }
    }
    return new ClosedDefault(base, policies, noPolicies, restarted, named);
  }

  private static boolean isDefault(Origin origin) {
    return switch (origin) {
      case POLICY_DEFAULT, CLUSTER_DEFAULT -> true;
      case CONTAINER_FIELD, CONTAINER_ANNOTATION, POD_FIELD, POD_ANNOTATION -> false;
    };
  }
}
