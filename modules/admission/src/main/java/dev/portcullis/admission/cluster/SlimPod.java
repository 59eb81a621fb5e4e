package dev.portcullis.admission.cluster;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stored pod with only what is needed to judge tens of thousands of them: most of a pod is
/// status, the managers of its fields, and what its containers are otherwise made of.
final class SlimPod {
  private static final List<String> OF_METADATA =
      List.of("name", "namespace", "generateName", "annotations", "ownerReferences");

  /// By which the Deployment of a ReplicaSet is known.
  private static final List<String> OF_LABELS = List.of("pod-template-hash");

  private static final List<String> OF_SPEC =
      List.of(
          "nodeName", "os", "hostUsers", "securityContext", "serviceAccountName", "serviceAccount");
  private static final List<String> OF_CONTAINER = List.of("name", "securityContext");

  private SlimPod() {}

  static KubernetesObject of(KubernetesObject pod) {
    Map<String, Mapping.Entry> slim = new LinkedHashMap<>();
    if (pod.manifest().present("metadata") instanceof Mapping metadata) {
      Map<String, Mapping.Entry> kept = new LinkedHashMap<>(only(metadata, OF_METADATA).entries());
      if (metadata.present("labels") instanceof Mapping labels) {
        put(kept, "labels", only(labels, OF_LABELS));
      }
      put(slim, "metadata", new Mapping(Position.NONE, kept));
    }
    if (pod.manifest().present("spec") instanceof Mapping spec) {
      Map<String, Mapping.Entry> kept = new LinkedHashMap<>(only(spec, OF_SPEC).entries());
      for (Container.Kind kind : Container.Kind.values()) {
        put(kept, kind.list(), containers(spec.get(kind.list())));
      }
      put(slim, "spec", new Mapping(Position.NONE, kept));
    }
    return new KubernetesObject(pod.apiVersion(), pod.kind(), new Mapping(Position.NONE, slim));
  }

  private static @Nullable Value containers(@Nullable Value list) {
    return list instanceof Sequence sequence
        ? new Sequence(
            Position.NONE,
            sequence.items().stream()
                .map(item -> item instanceof Mapping each ? only(each, OF_CONTAINER) : item)
                .toList())
        : list;
  }

  private static Mapping only(Mapping object, List<String> keys) {
    Map<String, Mapping.Entry> kept = new LinkedHashMap<>();
    keys.forEach(key -> put(kept, key, object.get(key)));
    return new Mapping(Position.NONE, kept);
  }

  private static void put(Map<String, Mapping.Entry> into, String key, @Nullable Value value) {
    if (value != null) {
      into.put(key, new Mapping.Entry(Position.NONE, placeless(value)));
    }
  }

  /// Line numbers in an answer of a server are of no use to a user.
  private static Value placeless(Value value) {
    return switch (value) {
      case Mapping mapping -> only(mapping, List.copyOf(mapping.entries().keySet()));
      case Sequence sequence ->
          new Sequence(Position.NONE, sequence.items().stream().map(SlimPod::placeless).toList());
      case Value.Text(_, String text) -> new Value.Text(Position.NONE, text);
      case Value.Numeral(_, String literal) -> new Value.Numeral(Position.NONE, literal);
      case Value.Truth(_, boolean truth) -> new Value.Truth(Position.NONE, truth);
      case Value.Null _ -> new Value.Null(Position.NONE);
    };
  }
}
