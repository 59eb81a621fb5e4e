package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.nio.file.Path;
import java.util.List;

/// A profile that was read and can be used.
///
/// @param file absolute, without symbolic links; for messages
/// @param content what was checked
/// @param warnings what the author may not have meant, notes included
public record CheckedProfile(
    Path file, Profile profile, ProfileContent content, List<Finding> warnings)
    implements ProfileLookup {
  public CheckedProfile {
    warnings = List.copyOf(warnings);
  }

  /// What an OCI runtime is to be given for a container: the content as it is, or a conversion
  /// where it has something that only Docker understands and the runtime would take for something
  /// else; and a last rule, by which no runtime can take it for another profile.
  public RuntimeProfile forRuntime(Target target) {
    ResolvedProfile resolved = Resolver.resolve(profile, target);
    return DigestRule.added(
        resolved,
        profile.dockerOnly().isEmpty()
            ? content
            : new ProfileContent(ProfileWriter.write(resolved).getBytes(UTF_8)));
  }
}
