package dev.portcullis.admission.cluster;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stored node without the images, the conditions and the owners of its fields, which are most of
/// it.
final class SlimNode {
  private SlimNode() {}

  static KubernetesObject of(KubernetesObject node) {
    return new KubernetesObject(
        node.apiVersion(),
        node.kind(),
        new Mapping(
            Position.NONE,
            Map.of(
                "metadata", only(node.manifest(), "metadata", "name"),
                "status", only(node.manifest(), "status", "nodeInfo"))));
  }

  private static Mapping.Entry only(Mapping node, String field, String key) {
    @Nullable Value value =
        node.present(field) instanceof Mapping object ? object.present(key) : null;
    return new Mapping.Entry(
        Position.NONE,
        new Mapping(
            Position.NONE,
            value == null ? Map.of() : Map.of(key, new Mapping.Entry(Position.NONE, value))));
  }
}
