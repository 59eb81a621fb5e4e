package dev.portcullis.container.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;

/// What an OCI runtime is to be given of a profile for a container: plain OCI, and at its end the
/// {@link DigestRule}.
///
/// @param profile what the content describes
public record RuntimeProfile(ResolvedProfile profile, ProfileContent content) {

  /// The content as it is, or a conversion where it has something that only Docker understands and
  /// the runtime would take for something else; and a last rule, by which no runtime can take it
  /// for another profile.
  public static RuntimeProfile of(UsableProfile usable, Target target) {
    Profile profile = usable.profile();
    ResolvedProfile resolved = Resolver.resolve(profile, target);
    return DigestRule.added(
        resolved,
        profile.dockerOnly().isEmpty()
            ? usable.content()
            : new ProfileContent(ProfileWriter.write(resolved).getBytes(UTF_8)));
  }
}
