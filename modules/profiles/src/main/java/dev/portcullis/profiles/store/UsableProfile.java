package dev.portcullis.profiles.store;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A profile that was checked and can be used.
public final class UsableProfile implements ProfileLookup {
  private final String source;
  private final ProfileContent content;
  private final List<Finding> findings;
  private final @Nullable Profile profile;

  private UsableProfile(
      String source, ProfileContent content, List<Finding> findings, @Nullable Profile profile) {
    this.source = source;
    this.content = content;
    this.findings = List.copyOf(findings);
    this.profile = profile;
  }

  /// One that was read a moment ago.
  ///
  /// @param source where it is, for messages: a file, absolute and without symbolic links
  /// @param findings what its author may not have meant, notes included
  /// @param profile what the content says
  public static UsableProfile of(
      String source, ProfileContent content, List<Finding> findings, Profile profile) {
    return new UsableProfile(source, content, findings, profile);
  }

  /// One of a store that keeps contents alone: what many profiles say takes much memory.
  ///
  /// @param source where it is, for messages: a ConfigMap and its key
  /// @param findings what its author may not have meant
  public static UsableProfile of(String source, ProfileContent content, List<Finding> findings) {
    return new UsableProfile(source, content, findings, null);
  }

  /// Where it is, for messages.
  public String source() {
    return source;
  }

  /// What was checked.
  public ProfileContent content() {
    return content;
  }

  /// What its author may not have meant, as far as the store has looked.
  public List<Finding> findings() {
    return findings;
  }

  /// What the content says; read again where the store does not keep it.
  public Profile profile() {
    if (profile != null) {
      return profile;
    }
    return switch (ProfileReader.read(content.bytes())) {
      case ProfileParseResult.Read(Profile read, _) -> read;
      case ProfileParseResult.Rejected(List<Finding> errors) ->
          throw new IllegalStateException(
              source + " was checked and is not a usable profile: " + errors);
    };
  }

  @Override
  public String toString() {
    return source + " (" + content + ")";
  }
}
