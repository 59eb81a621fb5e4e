package dev.portcullis.pods.resolve;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompField;
import dev.portcullis.pods.spec.SeccompType;
import java.util.List;

/// Which profile a pod names for a container.
public final class ProfileResolver {
  private ProfileResolver() {}

  /// The first that is present of: the container's field, its annotation, the pod's field, the
  /// pod's annotation.
  public static RequestedProfile requested(Pod pod, Container container) {
    SeccompField containerField = container.seccomp();
    if (containerField != null) {
      return named(Origin.CONTAINER_FIELD, containerField);
    }
    Annotation containerAnnotation = pod.annotation(container.name());
    if (containerAnnotation != null) {
      return named(Origin.CONTAINER_ANNOTATION, containerAnnotation);
    }
    SeccompField podField = pod.spec().seccomp();
    if (podField != null) {
      return named(Origin.POD_FIELD, podField);
    }
    Annotation podAnnotation = pod.annotation();
    if (podAnnotation != null) {
      return named(Origin.POD_ANNOTATION, podAnnotation);
    }
    return new RequestedProfile.Unnamed();
  }

  private static RequestedProfile named(Origin origin, SeccompField field) {
    return new RequestedProfile.Named(origin, field.path(), meaning(field));
  }

  private static RequestedProfile named(Origin origin, Annotation annotation) {
    return new RequestedProfile.Named(
        origin, annotation.path(), ProfileText.read(annotation.value()));
  }

  private static ProfileText.Meaning meaning(SeccompField field) {
    String profile = field.localhostProfile();
    return switch (field.type()) {
      case SeccompType.Known.RUNTIME_DEFAULT -> new ProfileText.Named(ProfileName.RUNTIME_DEFAULT);
      case SeccompType.Known.UNCONFINED -> new ProfileText.Named(ProfileName.UNCONFINED);
      case SeccompType.Known.LOCALHOST -> ProfileText.localhost(profile == null ? "" : profile);
      case SeccompType.Unknown(String type) ->
          new ProfileText.Unusable(
              List.of(new ProfileText.Problem(type, "is not a seccomp profile type")));
    };
  }
}
