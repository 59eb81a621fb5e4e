package dev.portcullis.node.profiles;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.nio.file.Path;
import java.util.List;

/// A profile that was read and can be used.
///
/// @param file absolute, without symbolic links: what was checked is what the runtime opens
/// @param sha256 of the content that was checked, in hexadecimal; the runtime reads the file again
/// @param warnings what the author may not have meant, notes included
public record CheckedProfile(Path file, Profile profile, String sha256, List<Finding> warnings)
    implements ProfileLookup {
  public CheckedProfile {
    warnings = List.copyOf(warnings);
  }

  /// What to give to an OCI runtime for a container: the file, or a conversion where the file has
  /// something that only Docker understands.
  public RuntimeProfile forRuntime(Target target) {
    if (profile.dockerOnly().isEmpty()) {
      return new RuntimeProfile.AsWritten(file);
    }
    Profile resolved = Resolver.resolve(profile, target);
    return new RuntimeProfile.Converted(resolved, ProfileWriter.write(resolved));
  }
}
