package dev.portcullis.pods.spec;

import dev.portcullis.pods.object.FieldPath;
import org.jspecify.annotations.Nullable;

/// A `seccompProfile` of a security context, as written.
///
/// @param path `spec.securityContext.seccompProfile`
/// @param localhostProfile null where it is absent; the empty string is present
public record SeccompField(FieldPath path, SeccompType type, @Nullable String localhostProfile) {}
