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
          "Kubernetes also checked the profile at pod level, even if no container ran with it;"
              + " Portcullis checks only the profiles that containers run with.");
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
        "Kubernetes chose one policy, by the order of names, and this policy had to accept the"
            + " whole pod; here grants add up, and any usable policy can allow a container.");
    notes.add(
        "Ephemeral containers, which PodSecurityPolicy never checked, are checked like the"
            + " others.");
    for (PodSecurity policy : all) {
      if (policy.silent()) {
        notes.add(silent(policy));
      }
    }
    return notes;
  }

  private static String silent(PodSecurity policy) {
    return policy.label()
        + " has no seccomp annotation and is not converted. In Kubernetes its users could not name"
        + " a profile, and their pods ran unconfined. Here, as soon as there is a policy, users"
        + " without a policy cannot run pods: grant them one that allows "
        + RUNTIME_DEFAULT
        + ".";
  }

  private static String nothingAllowed(PodSecurity policy) {
    String list = "allowedProfileNames is " + (policy.allowed() == null ? "absent" : "empty");
    if (policy.policy().defaultProfile() == null) {
      return list
          + ": Kubernetes admitted only pods without a profile name, and ran them unconfined. Here"
          + " this policy allows nothing, and pods without a profile name run under a default: add "
          + RUNTIME_DEFAULT
          + " to allowedProfiles to let such pods run.";
    }
    return list
        + ": Kubernetes admitted no pod, because a pod without a profile name gets the default,"
        + " which is not allowed. Here it allows nothing either, but pods of its users get its"
        + " default: add "
        + policy.policy().defaultProfile().text()
        + " to allowedProfiles, or remove this policy.";
  }

  private static String anyWithoutDefault() {
    return "In Kubernetes, a pod without a profile name ran unconfined under this policy. Here it"
        + " gets the default of another usable policy, or else the cluster's ("
        + RUNTIME_DEFAULT
        + "): a pod that must run without a filter has to name unconfined.";
  }

  private static String listWithoutDefault(PodSecurity policy) {
    return "Kubernetes refused a pod without a profile name at pod level, even if each of its"
        + " containers had one. Here a container without a profile name gets the default of"
        + " another usable policy, or else the cluster's, which must be allowed: "
        + (policy.policy().allows(ProfileName.RUNTIME_DEFAULT)
            ? RUNTIME_DEFAULT + " is allowed by this policy."
            : RUNTIME_DEFAULT + " is not allowed by this policy.");
  }

  private static void unwritable(PodSecurity policy, List<String> differences) {
    for (String entry : new LinkedHashSet<>(policy.entries())) {
      if (entry.equals(ProfileText.LOCALHOST_PREFIX)) {
        differences.add(
            "The entry \"localhost/\" is left out: it names no file, and pods with it ran"
                + " unconfined (CVE-2023-2431).");
      } else if (entry.contains("*") && !entry.equals("*")) {
        differences.add(
            "The entry "
                + GoQuote.quote(entry)
                + " is left out: Kubernetes read it as the literal name of a file, but here it"
                + " would be a pattern or an error. If you meant a pattern, add one that ends in"
                + " \"/*\".");
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
          "docker/default is replaced with " + RUNTIME_DEFAULT + ", the current spelling.");
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
              + " is not among the allowed profiles: Kubernetes refused every pod without a profile"
              + " name. Portcullis refuses it, too, unless another usable policy allows the"
              + " default.");
    }
    Set<String> preferred = new LinkedHashSet<>();
    for (PodSecurity other : all) {
      if (other.leavesUnset()) {
        preferred.add(GoQuote.quote(other.name()));
      }
    }
    if (!preferred.isEmpty()) {
      differences.add(
          "Kubernetes preferred a policy that changes nothing: pods without a profile name, whose"
              + " users may also use "
              + String.join(" or ", preferred)
              + ", ran unconfined. Here they get a default: that of the first usable policy, by"
              + " name, that has one.");
    }
    differences.add(
        "Kubernetes wrote the default to the pod, even if every container had its own profile, and"
            + " could refuse updates of pods without one, with [] as the reason. Here the default"
            + " is for containers without a profile name, and Portcullis checks a pod as it is.");
  }
}
