package dev.portcullis.cli.result;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import org.jspecify.annotations.Nullable;

/// What a pod belongs to: its controller, or itself.
///
/// @param name empty of a pod that belongs to nothing
record PodOwner(String apiVersion, String kind, String name) {

  /// The workload that it is the template of, else its controller, else nothing but the pod.
  static PodOwner of(Pod pod) {
    KubernetesObject object = pod.object();
    if (pod.isTemplate()) {
      return new PodOwner(object.apiVersion(), pod.identity().kind(), pod.identity().name());
    }
    if (object.manifest().present("metadata") instanceof Mapping metadata
        && metadata.present("ownerReferences") instanceof Sequence owners) {
      for (Value each : owners.items()) {
        // A static pod belongs to its node, which is not a workload.
        if (each instanceof Mapping owner
            && owner.present("controller") instanceof Value.Truth(_, boolean controls)
            && controls
            && !text(owner, "kind").equals("Node")) {
          return of(owner, metadata);
        }
      }
    }
    return new PodOwner(object.apiVersion(), pod.identity().kind(), "");
  }

  /// A Deployment gives its ReplicaSets, and their pods, a label whose value ends their names.
  private static PodOwner of(Mapping owner, Mapping metadata) {
    PodOwner named =
        new PodOwner(text(owner, "apiVersion"), text(owner, "kind"), text(owner, "name"));
    String hash =
        metadata.present("labels") instanceof Mapping labels
            ? text(labels, "pod-template-hash")
            : "";
    return named.kind.equals("ReplicaSet") && !hash.isEmpty() && named.name.endsWith("-" + hash)
        ? new PodOwner(
            named.apiVersion,
            "Deployment",
            named.name.substring(0, named.name.length() - hash.length() - 1))
        : named;
  }

  /// Whether there is only the pod.
  boolean isPod() {
    return name.isEmpty();
  }

  private static String text(Mapping object, String key) {
    @Nullable Value value = object.present(key);
    return value instanceof Value.Text(_, String text) ? text : "";
  }
}
