package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;

/// Why a profile is allowed that no list names.
///
/// @param than the profile that a policy names, and that it is no weaker than
/// @param sha256 of the content that this was proven of, in hexadecimal: another one proves nothing
public record Proven(ProfileName than, String sha256) {}
