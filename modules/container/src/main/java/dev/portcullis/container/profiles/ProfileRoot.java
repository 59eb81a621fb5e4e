package dev.portcullis.container.profiles;

import dev.portcullis.documents.Position;
import dev.portcullis.profiles.check.CheckLevel;
import dev.portcullis.profiles.check.ProfileCheck;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.FindingSummary;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directory of this node's profiles: `localhost/a/b.json` is `<root>/a/b.json`.
public final class ProfileRoot implements ProfileStore {
  private final Path directory;

  /// Made when the first profile was read: it loads libseccomp.
  private @Nullable SyscallNamesCheck names;

  /// @param directory need not exist yet; every look-up says so then
  public ProfileRoot(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /// The root, absolute.
  public Path directory() {
    return directory;
  }

  /// Looks for a profile and checks everything that a runtime would not check, or not report.
  ///
  /// @param path what follows `localhost/` in the name, as it was written
  public ProfileLookup check(String path) {
    try {
      Path named = ProfilePath.below(directory, path);
      ProfileFile file = new ProfileFile(realDirectory(), named);
      Path real = file.real();
      return judge(named, real, file.content(real));
    } catch (UnusableProfileException refusal) {
      return refusal.lookup();
    }
  }

  private Path realDirectory() throws UnusableProfileException {
    if (!Files.isDirectory(directory)) {
      throw UnusableProfileException.absent(
          directory.toString(),
          "the profile root is not a directory or does not exist; create it, or name another with"
              + " --seccomp-profile-root");
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw UnusableProfileException.undecided(
          directory.toString(), "the profile root cannot be read: " + e.getMessage());
    }
  }

  @Override
  public ProfileLookup lookup(ProfileKey key) {
    return check(key.path().isEmpty() ? "." : key.path());
  }

  private ProfileLookup judge(Path named, Path real, byte[] content) {
    return switch (ProfileCheck.of(content, new CheckLevel.Names(names()))) {
      case ProfileParseResult.Read(Profile profile, List<Finding> findings) ->
          UsableProfile.of(real.toString(), new ProfileContent(content), findings, profile);
      case ProfileParseResult.Rejected(List<Finding> findings) -> {
        String place = findings.getFirst().at().equals(Position.NONE) ? ": " : ":";
        yield new ProfileLookup.Unusable(
            QuotedText.path(named.toString()) + place + FindingSummary.of(findings), findings);
      }
    };
  }

  private synchronized SyscallNamesCheck names() {
    if (names == null) {
      names = SyscallNamesCheck.ofThisMachine();
    }
    return names;
  }
}
