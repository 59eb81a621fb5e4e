package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import org.jspecify.annotations.Nullable;

/// What admission needs to know of an object beside its seccomp profiles.
final class Manifest {
  /// On the pod that stands in the API for a static pod (`ConfigMirrorAnnotationKey`).
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private Manifest() {}

  static KubernetesObject of(AdmissionRequest request, Mapping object) {
    return new KubernetesObject(request.apiVersion(), request.kind(), object);
  }

  static KubernetesObject ofPod(Mapping object) {
    return new KubernetesObject("v1", "Pod", object);
  }

  /// Whether a controller made the object from another one, which was judged already.
  static boolean hasController(Mapping object) {
    if (object.present("metadata") instanceof Mapping metadata
        && metadata.present("ownerReferences") instanceof Sequence owners) {
      for (Value owner : owners.items()) {
        if (owner instanceof Mapping reference
            && reference.present("controller") instanceof Value.Truth(_, boolean truth)
            && truth) {
          return true;
        }
      }
    }
    return false;
  }

  static boolean isMirror(Pod pod) {
    Mapping annotations = texts(pod.object().manifest(), "annotations");
    return annotations != null && annotations.present(MIRROR) != null;
  }

  /// The annotations or the labels; null where there are none.
  ///
  /// @param member `annotations` or `labels`
  static @Nullable Mapping texts(Mapping object, String member) {
    return object.present("metadata") instanceof Mapping metadata
            && metadata.present(member) instanceof Mapping texts
        ? texts
        : null;
  }

  /// The value of an annotation; null where it is not there or no text.
  static @Nullable String annotation(Mapping object, String key) {
    return text(object, "annotations", key);
  }

  /// The value of an annotation or a label; null where it is not there or no text.
  static @Nullable String text(Mapping object, String member, String key) {
    Mapping texts = texts(object, member);
    return texts != null && texts.present(key) instanceof Value.Text(_, String text) ? text : null;
  }

  /// Empty where the pod names none.
  static String runtimeClass(Pod pod) {
    return pod.spec().manifest().present("runtimeClassName") instanceof Value.Text(_, String name)
        ? name
        : "";
  }

  /// Whether an update leaves alone what the pods of a workload are made of.
  static boolean sameTemplate(Pod pod, @Nullable Pod old) {
    return old != null
        && PodRequest.values(pod).equals(PodRequest.values(old))
        && JsonWriter.compact(pod.spec().manifest())
            .equals(JsonWriter.compact(old.spec().manifest()));
  }
}
