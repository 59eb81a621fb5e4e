package dev.portcullis.pods.rbac;

import dev.portcullis.pods.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What rules about PodSecurityPolicies are as rules about SeccompPolicies.
final class PodSecurityRules {
  private static final Policy.Kind OLD = Policy.Kind.POD_SECURITY_POLICY;
  private static final Policy.Kind NEW = Policy.Kind.SECCOMP_POLICY;

  private PodSecurityRules() {}

  /// The rule that grants the use of SeccompPolicies of the same names; null where this one does
  /// not grant the use of PodSecurityPolicies.
  static @Nullable PolicyRule converted(PolicyRule rule) {
    return grants(rule, OLD)
        ? new PolicyRule(
            List.of(Rbac.USE),
            NEW.groups(),
            List.of(NEW.resource()),
            rule.resourceNames().stream().distinct().toList())
        : null;
  }

  /// Whether one of the rules grants all that a converted one would, as `*` may.
  static boolean areCovering(List<PolicyRule> rules, PolicyRule converted) {
    for (PolicyRule rule : rules) {
      if (grants(rule, NEW)
          && (rule.resourceNames().isEmpty()
              || (!converted.resourceNames().isEmpty()
                  && rule.resourceNames().containsAll(converted.resourceNames())))) {
        return true;
      }
    }
    return false;
  }

  private static boolean grants(PolicyRule rule, Policy.Kind kind) {
    return kind.groups().stream().anyMatch(group -> rule.covers(Rbac.USE, group, kind.resource()));
  }
}
