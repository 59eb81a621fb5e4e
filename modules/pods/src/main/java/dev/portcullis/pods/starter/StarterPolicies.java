package dev.portcullis.pods.starter;

import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import java.util.List;

/// The first policies of a cluster, by what runs in it: one for everybody, with the default, and
/// one for each further set of profiles that service accounts need, granted to those that need
/// exactly this set. No profile is allowed without a pod that needs it, but for the default.
public sealed interface StarterPolicies {
  /// More are nothing that a person reads.
  int MOST_POLICIES = 1000;

  /// The policies.
  ///
  /// @param objects policies, each with its role and bindings; the same for the same pods in any
  ///   order
  /// @param leftOut pods for which no policy can be made
  record Made(List<StarterObject> objects, List<LeftOut> leftOut) implements StarterPolicies {
    public Made {
      objects = List.copyOf(objects);
      leftOut = List.copyOf(leftOut);
    }
  }

  /// There would be more than {@link #MOST_POLICIES}, or one would have too many profiles.
  ///
  /// @param why in words, with what to do
  record TooMany(String why) implements StarterPolicies {}

  /// A pod for which no policy can be made.
  record LeftOut(ObservedPod pod, String why) {}

  /// What judges the pods that {@link #of} takes: they may have whatever a policy could allow.
  ///
  /// @param clusterDefault for containers that name no profile
  /// @param defaultNamespace of objects that name none
  static Judge everythingAllowed(
      ProfileName clusterDefault, String defaultNamespace, Leniency leniency) {
    Policy everything =
        new Policy(
            Policy.Kind.SECCOMP_POLICY, "everything", List.of(new AllowedProfile.Any()), null);
    return new Judge(
        new PolicyScope.PoliciesForAll(
            Policies.of(List.of(everything)), Strictness.unknown("every name is allowed")),
        clusterDefault,
        defaultNamespace,
        Judge.Place.FILE,
        leniency);
  }

  /// Makes them.
  ///
  /// @param pods judged by {@link #everythingAllowed}, with the same default and leniency
  static StarterPolicies of(List<ObservedPod> pods, ProfileName clusterDefault, Leniency leniency) {
    StarterDraft draft = new StarterDraft(clusterDefault, leniency);
    pods.forEach(draft::observe);
    return draft.policies();
  }
}
