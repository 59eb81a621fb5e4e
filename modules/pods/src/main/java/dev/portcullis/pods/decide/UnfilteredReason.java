package dev.portcullis.pods.decide;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import org.jspecify.annotations.Nullable;

/// Why a container runs, or may run, without a filter whatever profile it names. It is judged as
/// what it is then: unconfined.
enum UnfilteredReason {
  /// Every runtime drops the profile of such a container.
  PRIVILEGED(
      "is privileged, so it runs unconfined regardless of the profile that it names",
      "remove `privileged`"),

  /// There is no seccomp on Windows, and kubelets before 1.24 run the pod on Linux all the same.
  WINDOWS(
      "belongs to a windows pod, which kubelets before 1.24 run on Linux without a profile",
      "start Portcullis with --trust-windows-pods if all kubelets are 1.24 or newer");

  private final String words;
  private final String otherwise;

  UnfilteredReason(String words, String otherwise) {
    this.words = words;
    this.otherwise = otherwise;
  }

  /// Null for a container that runs under what it names.
  static @Nullable UnfilteredReason of(Pod pod, Container container, Leniency leniency) {
    if (pod.spec().windows()) {
      return WINDOWS;
    }
    return container.privileged() && !leniency.privilegedByName() ? PRIVILEGED : null;
  }

  /// What the container does, to follow its name.
  String words() {
    return words;
  }

  /// What a user without this right can do.
  String otherwise() {
    return otherwise;
  }

  /// The field that makes it so.
  FieldPath source(Pod pod, Container container) {
    return switch (this) {
      case PRIVILEGED ->
          new FieldPath(
              container.path() + ".securityContext.privileged",
              at(container.manifest(), "securityContext", "privileged"));
      case WINDOWS ->
          new FieldPath(pod.spec().path() + ".os.name", at(pod.spec().manifest(), "os", "name"));
    };
  }

  private static Position at(Mapping holder, String object, String key) {
    return holder.present(object) instanceof Mapping inner ? inner.at(key) : holder.at();
  }
}
