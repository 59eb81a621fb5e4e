package dev.portcullis.pods.policy;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.GoQuote;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What PodSecurityPolicies meant in Kubernetes 1.20 and SeccompPolicies of the same entries do not
/// mean. Each sentence is said only of a policy that it holds for.
final class Differences {
  private static final String RUNTIME_DEFAULT = ProfileName.RUNTIME_DEFAULT.text();

  private Differences() {}

  /// Of one policy.
  ///
  /// @param all the policies that are converted together, this one among them
  static List<String> of(PodSecurity policy, List<PodSecurity> all) {
    List<String> differences = new ArrayList<>();
    if (policy.entries().isEmpty()) {
      differences.add(nothingAllowed(policy));
    } else if (policy.policy().defaultProfile() == null) {
      differences.add(policy.allowsAll() ? anyWithoutDefault() : listWithoutDefault(policy));
    }
    if (!policy.entries().isEmpty() && !policy.allowsAll()) {
      differences.add(
          "Kubernetes judged the profile of the pod level, too, even where no container runs with"
              + " it; here only what containers run with is judged.");
    }
    unwritable(policy, differences);
    spelling(policy, differences);
    ofDefault(policy, all, differences);
    return differences;
  }

  /// Of all of them together.
  static List<String> general(List<PodSecurity> all) {
    List<String> notes = new ArrayList<>();
    if (all.stream().allMatch(PodSecurity::silent)) {
      all.forEach(policy -> notes.add(silent(policy)));
      return notes;
    }
    notes.add(
        "Only the seccomp annotations are converted: Portcullis enforces no other field of a"
            + " PodSecurityPolicy.");
    notes.add(
        "Kubernetes took one policy, which had to accept the whole pod, by an order of names; here"
            + " grants add up, and each container is allowed by any policy that may be used.");
    notes.add(
        "Ephemeral containers, which PodSecurityPolicy never judged, are judged like the others.");
    for (PodSecurity policy : all) {
      if (policy.silent()) {
        notes.add(silent(policy));
      }
    }
    return notes;
  }

  private static String silent(PodSecurity policy) {
    return policy.label()
        + " has no seccomp annotation and is not converted. In Kubernetes its users could name no"
        + " profile, and ran unconfined. Here, once there is any policy, who may use none may run"
        + " nothing: grant them one that allows "
        + RUNTIME_DEFAULT
        + ".";
  }

  private static String nothingAllowed(PodSecurity policy) {
    String list = "allowedProfileNames is " + (policy.allowed() == null ? "absent" : "empty");
    if (policy.policy().defaultProfile() == null) {
      return list
          + ": in Kubernetes a pod that names no profile passed and ran unconfined, and no other"
          + " passed. Here this policy allows nothing, and who names nothing runs under a default:"
          + " add "
          + RUNTIME_DEFAULT
          + " to allowedProfiles to let such pods run.";
    }
    return list
        + ": in Kubernetes no pod passed, as one that names nothing gets the default, which is not"
        + " allowed. Here it allows nothing either, but its default is given to pods of all who may"
        + " use it: add "
        + policy.policy().defaultProfile().text()
        + " to allowedProfiles, or do without this policy.";
  }

  private static String anyWithoutDefault() {
    return "In Kubernetes a pod that names nothing ran unconfined under this policy. Here it gets"
        + " the default of another policy that may be used, else the cluster's ("
        + RUNTIME_DEFAULT
        + "): what must run without a filter has to name unconfined.";
  }

  private static String listWithoutDefault(PodSecurity policy) {
    return "Kubernetes refused a pod that names no profile at pod level, even where each of its"
        + " containers does. Here a container that names nothing gets the default of another policy"
        + " that may be used, else the cluster's, which is judged: "
        + (policy.policy().allows(ProfileName.RUNTIME_DEFAULT)
            ? RUNTIME_DEFAULT + " is allowed by this policy."
            : RUNTIME_DEFAULT + " is not allowed by this policy.");
  }

  private static void unwritable(PodSecurity policy, List<String> differences) {
    for (String entry : new LinkedHashSet<>(policy.entries())) {
      if (entry.equals("localhost/")) {
        differences.add(
            "The entry \"localhost/\" is left out: it names no file, and pods that used it ran"
                + " unconfined (CVE-2023-2431).");
      } else if (entry.contains("*") && !entry.equals("*")) {
        differences.add(
            "The entry "
                + GoQuote.quote(entry)
                + " is left out: in Kubernetes it was the literal name of a file, and here it would"
                + " be a pattern or an error. If a pattern was meant, add one that ends in \"/*\".");
      }
    }
  }

  private static void spelling(PodSecurity policy, List<String> differences) {
    List<String> texts = new ArrayList<>(policy.entries());
    if (policy.defaultText() != null) {
      texts.add(policy.defaultText());
    }
    if (texts.stream().anyMatch(ProfileText::isOldSpelling)) {
      differences.add(
          "docker/default, the old spelling of " + RUNTIME_DEFAULT + ", is written so.");
    }
  }

  private static void ofDefault(
      PodSecurity policy, List<PodSecurity> all, List<String> differences) {
    ProfileName name = policy.policy().defaultProfile();
    if (name == null) {
      return;
    }
    if (!policy.entries().isEmpty() && !policy.policy().allows(name)) {
      differences.add(
          "The default "
              + name.text()
              + " is not among the allowed profiles: Kubernetes refused every pod that names"
              + " nothing. So it is here, unless another policy that may be used allows it.");
    }
    Set<String> preferred = new LinkedHashSet<>();
    for (PodSecurity other : all) {
      if (other.leavesUnset()) {
        preferred.add(GoQuote.quote(other.name()));
      }
    }
    if (!preferred.isEmpty()) {
      differences.add(
          "Kubernetes preferred a policy that changes nothing: pods that name nothing, of who may"
              + " use "
              + String.join(" or ", preferred)
              + " too, ran unconfined. Here they get a default: that of the first usable policy, by"
              + " name, that has one.");
    }
    differences.add(
        "Kubernetes wrote the default to the pod, even where every container had a profile of its"
            + " own, and could refuse updates of pods without one, with [] as the reason. Here it is"
            + " for containers that name nothing, and a pod is judged as it stands.");
  }
}
