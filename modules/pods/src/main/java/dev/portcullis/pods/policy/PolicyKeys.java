package dev.portcullis.pods.policy;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.SimilarKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The annotations of PodSecurityPolicies that look like those by which one allows profiles, and
/// that no software has ever read: a policy with one allows less than its author believes, or has
/// no default.
public final class PolicyKeys {
  private PolicyKeys() {}

  /// An annotation without effect.
  ///
  /// @param text what to do about it
  public record Odd(FieldPath path, String text) {}

  /// Those of an object; none where it is no PodSecurityPolicy.
  public static List<Odd> odd(KubernetesObject object) {
    List<Odd> found = new ArrayList<>();
    if (PolicyReader.isPodSecurityPolicy(object)
        && object.manifest().present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations) {
      for (String key : annotations.entries().keySet()) {
        if (SimilarKey.is(key)
            && !key.equals(PolicyReader.PSP_ALLOWED)
            && !key.equals(PolicyReader.PSP_DEFAULT)) {
          found.add(
              new Odd(
                  new FieldPath("metadata.annotations[" + key + "]", annotations.at(key)),
                  "has no effect on a PodSecurityPolicy" + instead(key)));
        }
      }
    }
    return found;
  }

  private static String instead(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (name.startsWith("default")) {
      return "; did you mean " + PolicyReader.PSP_DEFAULT + "?";
    }
    return name.startsWith("allow")
        ? "; did you mean " + PolicyReader.PSP_ALLOWED + "?"
        : "; one allows profiles by "
            + PolicyReader.PSP_ALLOWED
            + " and sets a default by "
            + PolicyReader.PSP_DEFAULT;
  }
}
