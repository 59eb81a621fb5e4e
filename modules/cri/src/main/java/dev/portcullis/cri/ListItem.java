package dev.portcullis.cri;

import java.util.Map;

/// A sandbox or a container in a list.
///
/// @param name the pod's, or the container's
/// @param sandboxId the sandbox it belongs to; its own id where it is one
public record ListItem(String id, String name, String sandboxId, Map<String, String> labels) {
  public ListItem {
    labels = Map.copyOf(labels);
  }
}
