package dev.portcullis.pods.fix;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.spec.Pod;

/// What changes in a pod or a template.
public sealed interface PodChange {
  Pod pod();

  /// The field or annotation; its place is that in the file before the change.
  FieldPath path();

  /// A `seccompProfile` that is written.
  record FieldSet(Pod pod, FieldPath path, ProfileName profile) implements PodChange {}

  /// An annotation that is removed.
  record AnnotationRemoved(Pod pod, FieldPath path) implements PodChange {}
}
