package dev.portcullis.pods.fix;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.SeccompType;

/// The `seccompProfile` that names a profile.
final class SeccompFieldText {
  private SeccompFieldText() {}

  /// The value of the field, as `SeccompFieldForAnnotation` in Kubernetes' `pkg/api/pod` makes it:
  /// the path stays as it is written.
  static Mapping of(ProfileName profile) {
    return switch (profile) {
      case ProfileName.RuntimeDefault _ -> type(SeccompType.Known.RUNTIME_DEFAULT).build();
      case ProfileName.Unconfined _ -> type(SeccompType.Known.UNCONFINED).build();
      case ProfileName.Localhost(String path) ->
          type(SeccompType.Known.LOCALHOST).put("localhostProfile", path).build();
    };
  }

  private static MappingBuilder type(SeccompType.Known type) {
    return new MappingBuilder().put("type", type.text());
  }
}
