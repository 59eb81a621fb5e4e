package dev.portcullis.pods.object;

import dev.portcullis.documents.Position;

/// A field of an object, and where it stands in the file.
///
/// @param text as Kubernetes writes it, `spec.containers[0].name`
/// @param at of the field, or of the object that should have it
public record FieldPath(String text, Position at) {

  /// A field of this object, by the place of the object.
  public FieldPath child(String key) {
    return new FieldPath(text.isEmpty() ? key : text + "." + key, at);
  }
}
