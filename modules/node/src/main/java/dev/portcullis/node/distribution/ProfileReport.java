package dev.portcullis.node.distribution;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.profiles.configmap.ConfigMapProblem;
import dev.portcullis.profiles.key.ProfileKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node reports to the cluster about itself.
///
/// @param profiles that can be used here
/// @param alarms how many containers should be filtered and are not
/// @param libseccomp the version that makes this node's filters; null where it is unknown
public record ProfileReport(
    List<PinnedProfile> profiles,
    List<ConfigMapProblem> problems,
    int alarms,
    @Nullable String libseccomp) {
  /// Profiles that are named; all are counted. With 500, the object has 80 kB.
  static final int MOST_PROFILES = 500;

  static final int MOST_PROBLEMS = 20;

  private static final int LONGEST_MESSAGE = 1024;

  public ProfileReport {
    profiles = List.copyOf(profiles);
    problems = List.copyOf(problems);
  }

  /// The status of the node's object.
  ///
  /// No text in it is empty: an API server of 1.20, built with Go 1.19, takes an empty string in a
  /// custom resource for null, and refuses it.
  public Mapping status(Instant now) {
    MappingBuilder status =
        new MappingBuilder()
            .put("updated", now.toString())
            .put("profileCount", profiles.size())
            .put("problemCount", problems.size())
            .put("alarmCount", alarms)
            .put(
                "profiles",
                profiles.stream().limit(MOST_PROFILES).map(ProfileReport::profile).toList())
            .put(
                "problems",
                problems.stream().limit(MOST_PROBLEMS).map(ProfileReport::problem).toList());
    if (libseccomp != null) {
      status.put("libseccomp", libseccomp);
    }
    return status.build();
  }

  private static Mapping profile(PinnedProfile profile) {
    MappingBuilder builder =
        new MappingBuilder()
            .put("name", new ProfileKey(profile.path()).text())
            .put("sha256", profile.sha256())
            .put("since", profile.since().toString());
    if (profile.source() != null) {
      builder.put("source", profile.source());
    }
    return builder.build();
  }

  private static Mapping problem(ConfigMapProblem problem) {
    String message = problem.message();
    return new MappingBuilder()
        .put("subject", problem.subject())
        .put("message", message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
        .build();
  }
}
