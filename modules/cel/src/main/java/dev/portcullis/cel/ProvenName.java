package dev.portcullis.cel;

import dev.portcullis.pods.name.ProfileName;
import org.jspecify.annotations.Nullable;

/// A profile that was proven, when policies were compiled, to be no weaker than one that a policy
/// names in `stricterThan`.
///
/// @param policy its name
/// @param sha256 of the content, in hexadecimal
/// @param than the profile that the policy names
/// @param baseSha256 of its content; null for `unconfined`, which has none
public record ProvenName(
    String policy,
    ProfileName.Localhost profile,
    String sha256,
    ProfileName than,
    @Nullable String baseSha256) {}
