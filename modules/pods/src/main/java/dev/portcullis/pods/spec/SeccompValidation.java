package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the Kubernetes API server refuses in the seccomp annotations and fields of a pod when it is
/// created (`pkg/apis/core/validation`: `ValidateSeccompPodAnnotations`,
/// `validateSeccompProfileField`, `validateSeccompAnnotationsAndFields`), with its words.
///
/// Annotations of Windows pods are refused as their fields are, which Kubernetes does not do:
/// kubelets before 1.24 run such a pod on Linux, and obey them there.
///
/// Templates are judged alike, those of StatefulSets too: Kubernetes 1.20 lets them pass, and then
/// refuses their pods one by one.
final class SeccompValidation {
  private static final String FOR_WINDOWS = "cannot be set for a windows pod";

  private final List<FieldError> errors = new ArrayList<>();

  private SeccompValidation() {}

  static List<FieldError> errors(Pod pod) {
    SeccompValidation validation = new SeccompValidation();
    // Every key that begins like a container's is judged, also where no such container exists.
    for (Annotation annotation : pod.annotations().values()) {
      validation.annotation(annotation);
      if (pod.spec().windows()) {
        validation.errors.add(FieldError.forbidden(annotation.path(), FOR_WINDOWS));
      }
    }
    validation.level(pod.annotation(), pod.spec().seccomp(), pod.spec().windows());
    for (Container container : pod.spec().containers()) {
      validation.level(pod.annotation(container.name()), container.seccomp(), pod.spec().windows());
    }
    return validation.errors;
  }

  private void annotation(Annotation annotation) {
    for (ProfileText.Problem problem : ProfileText.problems(annotation.value())) {
      errors.add(FieldError.invalid(annotation.path(), problem.found(), problem.detail()));
    }
  }

  /// Annotation and field of the pod, or of one container. The two levels are never compared.
  private void level(
      @Nullable Annotation annotation, @Nullable SeccompField field, boolean windows) {
    if (field == null) {
      return;
    }
    field(field);
    if (windows) {
      errors.add(FieldError.forbidden(field.path(), FOR_WINDOWS));
    }
    if (annotation != null) {
      mustMatch(annotation.value(), field);
    }
  }

  private void field(SeccompField field) {
    FieldPath typePath = field.path().child("type");
    FieldPath profilePath = field.path().child("localhostProfile");
    String profile = field.localhostProfile();
    if (field.type() instanceof SeccompType.Unknown(String type)) {
      errors.add(
          type.isEmpty()
              ? FieldError.required(typePath, "type is required when seccompProfile is set")
              : FieldError.notSupported(typePath, type, SeccompType.Known.texts()));
    }
    if (field.type() == SeccompType.Known.LOCALHOST) {
      if (profile == null) {
        errors.add(FieldError.required(profilePath, "must be set when seccomp type is Localhost"));
      } else {
        for (ProfileText.Problem problem : ProfileText.pathProblems(profile)) {
          errors.add(FieldError.invalid(profilePath, problem.found(), problem.detail()));
        }
      }
    } else if (profile != null) {
      Mapping whole =
          new MappingBuilder()
              .put("type", field.type().text())
              .put("localhostProfile", profile)
              .build();
      errors.add(
          FieldError.invalid(profilePath, whole, "can only be set when seccomp type is Localhost"));
    }
  }

  private void mustMatch(String annotation, SeccompField field) {
    boolean sameType =
        switch (field.type()) {
          case SeccompType.Known.UNCONFINED -> annotation.equals("unconfined");
          case SeccompType.Known.RUNTIME_DEFAULT ->
              annotation.equals("runtime/default") || ProfileText.isOldSpelling(annotation);
          case SeccompType.Known.LOCALHOST -> annotation.startsWith(ProfileText.LOCALHOST_PREFIX);
          // Refused already for what it is.
          case SeccompType.Unknown _ -> true;
        };
    if (!sameType) {
      errors.add(
          FieldError.forbidden(
              field.path().child("type"), "seccomp type in annotation and field must match"));
    } else if (field.type() == SeccompType.Known.LOCALHOST
        && !annotation
            .substring(ProfileText.LOCALHOST_PREFIX.length())
            .equals(field.localhostProfile())) {
      errors.add(
          FieldError.forbidden(
              field.path().child("localhostProfile"),
              "seccomp profile in annotation and field must match"));
    }
  }
}
