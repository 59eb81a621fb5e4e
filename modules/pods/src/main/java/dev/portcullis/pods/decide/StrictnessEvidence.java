package dev.portcullis.pods.decide;

import dev.portcullis.pods.name.ProfileName;
import org.jspecify.annotations.Nullable;

/// Why a profile is allowed that no list names.
///
/// @param than the profile that a policy names, and that it is no weaker than
/// @param sha256 of the content that this was proven of, in hexadecimal: another one proves nothing
/// @param baseSha256 of the content that `than` had then; null where that is `unconfined`, which
///   has none, and in records of a Portcullis that did not write it down
public record StrictnessEvidence(ProfileName than, String sha256, @Nullable String baseSha256) {}
