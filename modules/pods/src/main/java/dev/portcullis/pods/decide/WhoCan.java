package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may run a pod under a profile in a namespace: the other direction of {@link Judge}.
///
/// @param everybody whether no grant is needed: there is no policy, and it is a profile that
///   everybody may use then
/// @param allowing the policies that allow the profile, by name
/// @param others policies that do not, and are worth mentioning: the profile is their default, or
///   they would allow it if something were proven of it
public record WhoCan(boolean everybody, List<Allowing> allowing, List<Other> others) {

  /// A policy that allows the profile.
  ///
  /// @param proven why it does so though its list does not name the profile; null where that does,
  ///   or its `stricterThan`
  /// @param grants who may use it; the group `system:masters` always may
  public record Allowing(Policy policy, @Nullable StrictnessEvidence proven, List<Grant> grants) {
    public Allowing {
      grants = List.copyOf(grants);
    }
  }

  /// A policy that does not allow the profile.
  ///
  /// @param unproven why no proof allows it, one text for each that was tried
  public record Other(Policy policy, List<String> unproven) {
    public Other {
      unproven = List.copyOf(unproven);
    }
  }

  public WhoCan {
    allowing = List.copyOf(allowing);
    others = List.copyOf(others);
  }

  /// Goes through the policies, each by itself: none changes the effect of another.
  ///
  /// @param clusterDefault of containers to which nothing else gives a profile
  /// @param strictness asked about every policy that names profiles in `stricterThan`, no matter
  ///   who may use it, but for those that allow the profile by its name
  public static WhoCan use(
      ProfileName profile,
      String namespace,
      ProfileName clusterDefault,
      List<Policy> policies,
      Rbac rbac,
      Strictness strictness) {
    List<Allowing> allowing = new ArrayList<>();
    List<Other> others = new ArrayList<>();
    for (Policy policy : policies.stream().sorted(Policy.BY_NAME).toList()) {
      Proofs proofs = new Proofs(strictness, "");
      if (policy.allows(profile)
          || (profile instanceof ProfileName.Localhost localhost
              && proofs.allows(policy, localhost))) {
        allowing.add(new Allowing(policy, proofs.proven(), rbac.grants(policy, namespace)));
      } else if (profile.equals(policy.defaultProfile()) || !proofs.failures().isEmpty()) {
        others.add(new Other(policy, proofs.failures()));
      }
    }
    boolean everybody = policies.isEmpty() && new NoPolicyDefault(clusterDefault).allows(profile);
    return new WhoCan(everybody, allowing, others);
  }
}
