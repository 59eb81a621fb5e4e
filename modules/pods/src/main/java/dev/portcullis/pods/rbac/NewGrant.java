package dev.portcullis.pods.rbac;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The right to use a policy, to be given to some subjects.
///
/// The names of the objects follow from what they say, so to grant again changes nothing. There is
/// a binding for each subject: applied, one that lists several would take the grant from those that
/// an earlier one of its name listed.
///
/// @param subjects at least one
/// @param namespace the one for whose pods the policy may be used; null for all
public record NewGrant(
    Policy.Kind kind, String policy, List<Subject> subjects, @Nullable String namespace) {

  public NewGrant {
    if (subjects.isEmpty()) {
      throw new IllegalArgumentException("nobody is granted " + policy);
    }
    subjects = List.copyOf(new LinkedHashSet<>(subjects));
  }

  /// The role, and a binding for each subject.
  public List<KubernetesObject> objects() {
    List<KubernetesObject> objects = new ArrayList<>();
    objects.add(role());
    objects.addAll(bindings());
    return objects;
  }

  /// The role that all grants of the policy have in common, whatever their namespaces.
  public KubernetesObject role() {
    return RbacWriter.role(
        new Role(
            roleKey(),
            Map.of(),
            List.of(
                new PolicyRule(
                    List.of(Rbac.USE), kind.groups(), List.of(kind.resource()), List.of(policy))),
            List.of()));
  }

  /// A binding of the role for each subject.
  public List<KubernetesObject> bindings() {
    return subjects.stream()
        .map(subject ->
            RbacWriter.binding(
                new Binding(
                    namespace,
                    roleKey().name() + ":" + subject.kind().word() + ":" + nameOf(subject),
                    roleKey(),
                    List.of(subject))))
        .toList();
  }

  private Role.Key roleKey() {
    return new Role.Key(
        null,
        switch (kind) {
              case SECCOMP_POLICY -> "use-seccomp-policy-";
              case POD_SECURITY_POLICY -> "use-pod-security-policy-";
            }
            + policy);
  }

  /// The subject in the name of an object of RBAC, which may have every character but `/` and `%`
  /// (`IsValidPathSegmentName`). Two subjects never have the same: what is not plain is written as
  /// its bytes, and no policy, namespace or kind has a colon.
  private static String nameOf(Subject subject) {
    StringBuilder name = new StringBuilder();
    if (!subject.namespace().isEmpty()) {
      name.append(subject.namespace()).append(':');
    }
    for (byte octet : subject.name().getBytes(UTF_8)) {
      char c = (char) (octet & 0xff);
      if (isPlain(c)) {
        name.append(c);
      } else {
        name.append("=%02x".formatted((int) c));
      }
    }
    return name.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.:@".indexOf(c) >= 0;
  }
}
