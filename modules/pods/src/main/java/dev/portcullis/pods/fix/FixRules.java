package dev.portcullis.pods.fix;

import dev.portcullis.pods.name.ProfileName;
import org.jspecify.annotations.Nullable;

/// What is written into manifests beside the fields that annotations ask for.
///
/// @param defaultProfile for pods with a container for which nothing is named; null where they stay
///   as they are
/// @param removeAnnotations whether annotations go once a field says the same
public record FixRules(@Nullable ProfileName defaultProfile, boolean removeAnnotations) {}
