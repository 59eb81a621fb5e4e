package dev.portcullis.pods.rbac;

import dev.portcullis.pods.policy.Policy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What rules about PodSecurityPolicies are as rules about SeccompPolicies.
final class PodSecurityRules {
  private static final Policy.Kind OLD = Policy.Kind.POD_SECURITY_POLICY;
  private static final Policy.Kind NEW = Policy.Kind.SECCOMP_POLICY;

  private PodSecurityRules() {}

  /// Whether a rule grants the use of PodSecurityPolicies.
  static boolean areConcerned(PolicyRule rule) {
    return grants(rule, OLD);
  }

  /// The rule that grants the use of the SeccompPolicies that are made of those which this one
  /// grants, each by its name; null where there are none.
  ///
  /// @param policies the names of those that are converted
  static @Nullable PolicyRule converted(PolicyRule rule, Set<String> policies) {
    if (!areConcerned(rule)) {
      return null;
    }
    // No name would be all names, also of policies that have nothing to do with these.
    List<String> names =
        rule.resourceNames().isEmpty()
            ? policies.stream().sorted().toList()
            : rule.resourceNames().stream().distinct().filter(policies::contains).toList();
    return names.isEmpty()
        ? null
        : new PolicyRule(List.of(Rbac.USE), NEW.groups(), List.of(NEW.resource()), names);
  }

  /// Whether one of the rules grants all that a converted one would, as `*` may.
  static boolean areCovering(List<PolicyRule> rules, PolicyRule converted) {
    for (PolicyRule rule : rules) {
      if (grants(rule, NEW)
          && (rule.resourceNames().isEmpty()
              || rule.resourceNames().containsAll(converted.resourceNames()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean grants(PolicyRule rule, Policy.Kind kind) {
    return kind.groups().stream().anyMatch(group -> rule.covers(Rbac.USE, group, kind.resource()));
  }
}
