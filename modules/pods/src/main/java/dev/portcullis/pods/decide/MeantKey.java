package dev.portcullis.pods.decide;

import dev.portcullis.pods.spec.SeccompKeys;
import java.util.Locale;
import java.util.Set;

/// The seccomp annotation that was probably meant by a similar one.
final class MeantKey {
  private MeantKey() {}

  /// Whether a key is, or resembles, one by which a PodSecurityPolicy names profiles.
  static boolean isForPolicies(String key) {
    String name = name(key).toLowerCase(Locale.ROOT);
    return name.startsWith("allowedprofile") || name.startsWith("defaultprofile");
  }

  /// A key of {@link SeccompKeys}.
  ///
  /// @param containers the names of the pod's containers
  static String of(String key, Set<String> containers) {
    String name = name(key);
    boolean pod = name.equalsIgnoreCase("pod");
    String lower = key.toLowerCase(Locale.ROOT);
    // `container.seccomp...`, and `.../seccomp/container/<name>` of Kubernetes 1.3.
    boolean one = lower.startsWith("container") || lower.contains("/container/");
    if (containers.contains(name) && (one || !pod)) {
      return SeccompKeys.CONTAINER_PREFIX + name;
    }
    return one && !pod ? SeccompKeys.CONTAINER_PREFIX + "<container>" : SeccompKeys.POD;
  }

  private static String name(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
