package dev.portcullis.seccomp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;

/// Profiles for tests, from JSON with `'` for `"`.
public final class Profiles {
  private Profiles() {}

  public static ProfileParseResult read(String json) {
    return ProfileReader.read(json.replace('\'', '"').getBytes(UTF_8));
  }

  public static Profile profile(String json) {
    return switch (read(json)) {
      case ProfileParseResult.Read read -> read.profile();
      case ProfileParseResult.Rejected rejected ->
          throw new AssertionError("rejected: " + rejected.findings());
    };
  }

  /// The same, where it has nothing that only Docker understands.
  public static ResolvedProfile resolved(Profile profile) {
    return ResolvedProfile.of(profile).orElseThrow();
  }

  /// A profile with a default action and the rules of the text.
  public static Profile with(String defaultAction, String rules) {
    return profile("{'defaultAction':'SCMP_ACT_" + defaultAction + "','syscalls':[" + rules + "]}");
  }
}
