package dev.portcullis.container.profiles;

import dev.portcullis.container.profiles.UnusableProfile.Cause;
import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.lint.Lint;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.syscall.NameCheck;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directory of this node's profiles: `localhost/a/b.json` is `<root>/a/b.json`.
public final class ProfileRoot {
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

  /// Looks for a profile and checks everything that a runtime would not, or would not say.
  ///
  /// @param path what follows `localhost/` in the name, as it was written
  public ProfileLookup check(String path) {
    try {
      Path named = ProfilePath.below(directory, path);
      ProfileFile file = new ProfileFile(realDirectory(), named);
      Path real = file.real();
      return judge(named, real, file.content(real));
    } catch (UnusableProfileException refusal) {
      return refusal.profile();
    }
  }

  private Path realDirectory() throws UnusableProfileException {
    if (!Files.isDirectory(directory)) {
      throw new UnusableProfileException(
          Cause.MISSING,
          directory.toString(),
          "the profile root is not a directory or does not exist; create it, or name another with"
              + " --seccomp-profile-root");
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new UnusableProfileException(
          Cause.UNREADABLE,
          directory.toString(),
          "the profile root cannot be read: " + e.getMessage());
    }
  }

  private ProfileLookup judge(Path named, Path real, byte[] content) {
    return switch (ProfileReader.read(content)) {
      case ProfileParseResult.Rejected(List<Finding> findings) -> rejected(named, findings);
      case ProfileParseResult.Read(Profile profile, List<Finding> warnings) -> {
        List<Finding> all = new ArrayList<>(warnings);
        all.addAll(Lint.check(profile));
        switch (names().check(profile)) {
          case NameCheck.Checked checked -> all.addAll(checked.findings());
          case NameCheck.NotChecked(String reason) ->
              all.add(new Finding(Problem.SYSCALLS_NOT_CHECKED, Position.NONE, reason));
        }
        yield new CheckedProfile(real, profile, new ProfileContent(content), all);
      }
    };
  }

  private static UnusableProfile rejected(Path named, List<Finding> findings) {
    String file = QuotedText.path(named.toString());
    Finding first = findings.getFirst();
    String place = first.at().equals(Position.NONE) ? ": " : ":";
    String more = findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "";
    return new UnusableProfile(Cause.NOT_A_PROFILE, file, findings, file + place + first + more);
  }

  private synchronized SyscallNamesCheck names() {
    if (names == null) {
      names = SyscallNamesCheck.ofThisMachine();
    }
    return names;
  }
}
