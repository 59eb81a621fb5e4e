package dev.portcullis.pods.fix;

import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.spec.Pod;
import java.util.Locale;

/// Why an object stays as it is.
///
/// @param pod that it is about
/// @param path of the annotation or field, and its place in the file
/// @param message what is wrong, and what to do
public record Obstacle(Pod pod, Kind kind, FieldPath path, String message) {

  /// What is in the way.
  public enum Kind {
    /// The pod is not valid: a value that names no profile, an annotation and a field that differ.
    INVALID_POD,
    /// A template of a chart or of another generator, which must be rendered first.
    TEMPLATE_NOT_RENDERED,
    /// An annotation for a container that the pod does not have.
    NO_SUCH_CONTAINER,
    /// An annotation that is valid, and names a profile that no field can.
    NO_SUCH_FIELD,
    /// An annotation on a workload, where it has no effect, instead of on its template.
    ANNOTATION_OF_WORKLOAD,
    /// A field about seccomp in the wrong place or with a slip, which Kubernetes drops.
    FIELD_WITHOUT_EFFECT,
    /// An annotation whose key is nearly one of seccomp's.
    SIMILAR_KEY,
    /// A YAML anchor or merge key, by which the edit would change other objects, too.
    SHARED,
    /// The text is written in a way that is not edited.
    UNUSUAL_FORM,
    /// The result would be larger than what is read.
    TOO_LARGE,
    /// The result was not what it should be.
    BUG;

    /// The word for it in results; it does not change.
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
