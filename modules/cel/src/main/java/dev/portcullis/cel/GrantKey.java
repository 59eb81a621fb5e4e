package dev.portcullis.cel;

import dev.portcullis.pods.policy.Policy;
import java.util.List;

/// What one question to the authorizer is about: the verb `use` on a policy in one API group. A
/// PodSecurityPolicy is in two groups, so it takes two questions.
///
/// @param text the policy's name; for a PodSecurityPolicy, behind its API group and a colon, which
///   no name has
record GrantKey(String text) {
  /// In the order in which they are asked.
  static List<GrantKey> of(Policy policy) {
    return switch (policy.kind()) {
      case SECCOMP_POLICY -> List.of(new GrantKey(policy.name()));
      case POD_SECURITY_POLICY ->
          policy.kind().groups().stream()
              .map(group -> new GrantKey(group + ":" + policy.name()))
              .toList();
    };
  }

  /// The expression by which an asker may use what a key means.
  ///
  /// @param asker an authorizer
  /// @param key an expression of the key's text
  /// @param both whether the key may be one of a PodSecurityPolicy
  static String check(String asker, String key, boolean both) {
    String ours = Policy.Kind.SECCOMP_POLICY.groups().getFirst();
    String group =
        both
            ? "(%1$s.contains(':') ? %1$s.split(':')[0] : %2$s)"
                .formatted(key, CelLiteral.text(ours))
            : CelLiteral.text(ours);
    String resource =
        both
            ? "(%s.contains(':') ? %s : %s)"
                .formatted(
                    key,
                    CelLiteral.text(Policy.Kind.POD_SECURITY_POLICY.resource()),
                    CelLiteral.text(Policy.Kind.SECCOMP_POLICY.resource()))
            : CelLiteral.text(Policy.Kind.SECCOMP_POLICY.resource());
    String name = both ? "%1$s.substring(%1$s.indexOf(':') + 1)".formatted(key) : key;
    return asker
        + ".group("
        + group
        + ").resource("
        + resource
        + ").namespace(request.namespace).name("
        + name
        + ").check('use').allowed()";
  }
}
