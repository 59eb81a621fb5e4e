package dev.portcullis.pods.starter;

import dev.portcullis.pods.object.KubernetesObject;
import java.util.List;

/// An object to be applied.
///
/// @param comments why it is there
public record StarterObject(KubernetesObject object, List<String> comments) {
  public StarterObject {
    comments = List.copyOf(comments);
  }
}
