package dev.portcullis.pods.policy;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A PodSecurityPolicy as Kubernetes understood it (`pkg/security/podsecuritypolicy/seccomp`).
///
/// @param allowed the annotation as written; null where it is absent
/// @param defaultText the annotation as written; null where it is absent, or empty, which is the
///   same
/// @param policy what Portcullis takes it for
/// @param silent whether it says nothing about seccomp, in neither annotation
record PodSecurity(
    @Nullable String allowed, @Nullable String defaultText, Policy policy, boolean silent) {

  /// Null for another kind of object, and for a policy that the reader refuses.
  static @Nullable PodSecurity of(KubernetesObject object) {
    return switch (PolicyReader.read(object)) {
      case PolicyReader.Usable(Policy policy)
          when policy.kind() == Policy.Kind.POD_SECURITY_POLICY -> {
        String text = annotation(object, PolicyReader.PSP_DEFAULT);
        yield new PodSecurity(
            annotation(object, PolicyReader.PSP_ALLOWED),
            text == null || text.isEmpty() ? null : text,
            policy,
            false);
      }
      case PolicyReader.Silent _ ->
          new PodSecurity(
              null,
              null,
              new Policy(Policy.Kind.POD_SECURITY_POLICY, text(object, "name"), List.of(), null),
              true);
      case PolicyReader.Usable _, PolicyReader.Broken _, PolicyReader.NoPolicy _ -> null;
    };
  }

  private static String text(KubernetesObject object, String key) {
    return object.manifest().present("metadata") instanceof Mapping metadata
            && metadata.present(key) instanceof Value.Text text
        ? text.value()
        : "";
  }

  /// A value `null` is the empty string, as the reader has it.
  private static @Nullable String annotation(KubernetesObject object, String key) {
    if (object.manifest().present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations) {
      return switch (annotations.get(key)) {
        case Value.Text text -> text.value();
        case Value.Null _ -> "";
        case null -> null;
        default -> throw new IllegalStateException("the reader takes strings only");
      };
    }
    return null;
  }

  String name() {
    return policy.name();
  }

  String label() {
    return policy.label();
  }

  /// The entries of the allowed list as written; none where it is absent or empty.
  List<String> entries() {
    return allowed == null || allowed.isEmpty() ? List.of() : List.of(allowed.split(",", -1));
  }

  boolean allowsAll() {
    return entries().contains("*");
  }

  /// Whether a pod that names nothing passed unchanged, and so ran without a filter: an absent list
  /// lets nothing be set, and "not set" is in no list but the empty one and `*`.
  boolean leavesUnset() {
    return defaultText == null && (entries().isEmpty() || allowsAll());
  }
}
