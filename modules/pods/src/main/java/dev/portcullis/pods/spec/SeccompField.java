package dev.portcullis.pods.spec;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.NearestName;
import org.jspecify.annotations.Nullable;

/// A `seccompProfile` of a security context, as written.
///
/// @param path `spec.securityContext.seccompProfile`
/// @param localhostProfile null where it is absent; the empty string is present
public record SeccompField(FieldPath path, SeccompType type, @Nullable String localhostProfile) {

  /// The field that names a profile, in one line of YAML: `{type: RuntimeDefault}`.
  public static String written(ProfileName name) {
    return switch (name) {
      case ProfileName.RuntimeDefault _ ->
          "{type: " + SeccompType.Known.RUNTIME_DEFAULT.text() + "}";
      case ProfileName.Unconfined _ -> "{type: " + SeccompType.Known.UNCONFINED.text() + "}";
      case ProfileName.Localhost(String path) ->
          "{type: "
              + SeccompType.Known.LOCALHOST.text()
              + ", localhostProfile: "
              + (path.matches("[A-Za-z0-9/][A-Za-z0-9._/-]*") ? path : GoQuote.quote(path))
              + "}";
    };
  }

  /// The same for somebody who wrote a text where the object should be.
  static String insteadOf(String text) {
    if (ProfileText.read(text) instanceof ProfileText.Named(ProfileName name)) {
      return written(name);
    }
    String type = NearestName.of(text, SeccompType.Known.texts());
    if (type == null) {
      type = SeccompType.Known.RUNTIME_DEFAULT.text();
    }
    return "{type: "
        + type
        + (type.equals(SeccompType.Known.LOCALHOST.text()) ? ", localhostProfile: PATH}" : "}");
  }
}
