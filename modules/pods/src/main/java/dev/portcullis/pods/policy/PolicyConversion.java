package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.ConvertedObject;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Makes SeccompPolicies of PodSecurityPolicies, by their seccomp annotations.
///
/// @param policies by name
/// @param notes what is to be said of all of them, and of what was not converted
public record PolicyConversion(List<ConvertedObject> policies, List<String> notes) {
  public PolicyConversion {
    policies = List.copyOf(policies);
    notes = List.copyOf(notes);
  }

  /// Converts policies that the reader has taken; other objects are passed over.
  ///
  /// Each keeps its name, so a rule of RBAC that names it names the new one.
  public static PolicyConversion of(List<KubernetesObject> objects) {
    List<PodSecurity> found = new ArrayList<>();
    for (KubernetesObject object : objects) {
      PodSecurity policy = PodSecurity.of(object);
      if (policy != null) {
        found.add(policy);
      }
    }
    found.sort(Comparator.comparing(PodSecurity::name));
    List<ConvertedObject> converted = new ArrayList<>();
    for (PodSecurity policy : found) {
      if (!policy.silent()) {
        converted.add(
            new ConvertedObject(
                seccompPolicy(policy), policy.label(), Differences.of(policy, found)));
      }
    }
    return new PolicyConversion(converted, Differences.general(found));
  }

  private static KubernetesObject seccompPolicy(PodSecurity policy) {
    Set<String> allowed = new LinkedHashSet<>();
    for (AllowedProfile entry : policy.policy().allowed()) {
      if (isWritable(entry)) {
        allowed.add(entry.text());
      }
    }
    ProfileName defaultProfile = policy.policy().defaultProfile();
    return new NewPolicy(
            policy.name(),
            List.copyOf(allowed),
            List.of(),
            defaultProfile == null ? null : defaultProfile.text())
        .object();
  }

  /// Whether a SeccompPolicy can say the same. A file name with an asterisk is a pattern there:
  /// written as it is, it would allow more.
  static boolean isWritable(AllowedProfile entry) {
    return switch (entry) {
      case AllowedProfile.Any _ -> true;
      case AllowedProfile.Exactly(var name) -> !name.text().contains("*");
      case AllowedProfile.Below _ -> true;
    };
  }
}
