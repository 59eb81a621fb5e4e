package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.resolve.ResolvedProfile;

/// What an OCI runtime is to be given of a profile for a container: plain OCI, and at its end the
/// {@link DigestRule}.
///
/// @param profile what the content says
public record RuntimeProfile(ResolvedProfile profile, ProfileContent content) {}
