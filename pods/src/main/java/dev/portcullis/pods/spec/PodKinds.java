package dev.portcullis.pods.spec;

import dev.portcullis.pods.object.KubernetesObject;
import org.jspecify.annotations.Nullable;

/// The kinds of objects that hold a pod or the template of one.
final class PodKinds {
  private PodKinds() {}

  /// The path of the object that has the pod's `metadata` and `spec`: empty for a Pod; null for a
  /// kind that holds none.
  static @Nullable String template(KubernetesObject object) {
    return switch (object.group()) {
      case "" ->
          switch (object.kind()) {
            case "Pod" -> "";
            case "PodTemplate" -> "template";
            case "ReplicationController" -> "spec.template";
            default -> null;
          };
      // The workloads moved from extensions to apps; old files still say so.
      case "apps", "extensions" ->
          switch (object.kind()) {
            case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet" -> "spec.template";
            default -> null;
          };
      case "batch" ->
          switch (object.kind()) {
            case "Job" -> "spec.template";
            case "CronJob" -> "spec.jobTemplate.spec.template";
            default -> null;
          };
      default -> null;
    };
  }
}
