package dev.portcullis.cri;

import java.util.Map;

/// A container that the runtime has.
///
/// @param name in its pod
/// @param running whether its process lives
public record KnownContainer(
    String id,
    String name,
    String sandboxId,
    Map<String, String> labels,
    Map<String, String> annotations,
    boolean running) {
  public KnownContainer {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
