package dev.portcullis.pods.spec;

import dev.portcullis.pods.object.FieldPath;
import org.jspecify.annotations.Nullable;

/// A `seccompProfile` of a security context, as written.
///
/// @param path `spec.securityContext.seccompProfile`
/// @param type empty where it is absent, as Go decodes it
/// @param localhostProfile null where it is absent; the empty string is present
public record SeccompField(FieldPath path, String type, @Nullable String localhostProfile) {

  public static final String UNCONFINED = "Unconfined";
  public static final String RUNTIME_DEFAULT = "RuntimeDefault";
  public static final String LOCALHOST = "Localhost";
}
