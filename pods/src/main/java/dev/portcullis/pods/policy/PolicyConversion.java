package dev.portcullis.pods.policy;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
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
    MappingBuilder spec =
        new MappingBuilder()
            .put(
                "allowedProfiles",
                allowed.stream().map(text -> new Value.Text(Position.NONE, text)).toList());
    if (policy.policy().defaultProfile() != null) {
      spec.put("defaultProfile", policy.policy().defaultProfile().text());
    }
    Mapping manifest =
        new MappingBuilder()
            .put("apiVersion", PolicyReader.OUR_VERSION)
            .put("kind", Policy.Kind.SECCOMP_POLICY.text())
            .put("metadata", new MappingBuilder().put("name", policy.name()).build())
            .put("spec", spec.build())
            .build();
    return new KubernetesObject(
        PolicyReader.OUR_VERSION, Policy.Kind.SECCOMP_POLICY.text(), manifest);
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
