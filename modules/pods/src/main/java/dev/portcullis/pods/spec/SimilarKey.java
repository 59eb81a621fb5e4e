package dev.portcullis.pods.spec;

import java.util.Locale;

/// Keys of annotations that look like {@link SeccompKeys}, and mean nothing to Kubernetes: the ones
/// that Kubernetes 1.3 had (`security.alpha.kubernetes.io/seccomp/pod`), those of
/// PodSecurityPolicies, and slips: `beta`, another case, a word left out.
public final class SimilarKey {
  private SimilarKey() {}

  /// Whether a key is similar, or one of {@link SeccompKeys}.
  public static boolean is(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (lower.contains(".security.alpha.kubernetes.io")) {
      // There were no others of this kind: sysctls had no word before it, AppArmor was beta.
      return true;
    }
    return lower.contains("seccomp")
        && (lower.contains("security.")
            || lower.contains("kubernetes.io")
            || lower.contains("k8s.io"))
        // The Security Profiles Operator's mean something, if not here.
        && !lower.contains("x-k8s.io");
  }
}
