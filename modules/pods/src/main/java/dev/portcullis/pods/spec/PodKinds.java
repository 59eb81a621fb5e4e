package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds of objects that hold a pod or the template of one.
final class PodKinds {
  /// Objects within objects, in which a template is looked for.
  private static final int DEEPEST = 8;

  /// All kinds that {@link #template} knows.
  private static final List<String> KINDS =
      List.of(
          "Pod",
          "PodTemplate",
          "ReplicationController",
          "Deployment",
          "ReplicaSet",
          "StatefulSet",
          "DaemonSet",
          "Job",
          "CronJob");

  private PodKinds() {}

  /// The paths of what looks like a template of pods, in an object of another kind: below `spec`,
  /// what has a `spec` with a list `containers`. Controllers that are not Kubernetes' own make pods
  /// of such (Rollout, DeploymentConfig, Knative's Service).
  static List<String> templatesByShape(KubernetesObject object) {
    List<String> paths = new ArrayList<>();
    if (object.manifest().present("spec") instanceof Mapping spec) {
      find(spec, "spec", DEEPEST, paths);
    }
    return paths;
  }

  private static void find(Mapping holder, String path, int depth, List<String> paths) {
    holder
        .entries()
        .forEach((key, _) -> {
          // A dot would be taken for a step of the path.
          if (holder.present(key) instanceof Mapping inner && depth > 0 && key.indexOf('.') < 0) {
            String at = path + "." + key;
            if (inner.present("spec") instanceof Mapping spec
                && spec.present(Container.Kind.REGULAR.list()) instanceof Sequence) {
              paths.add(at);
            } else {
              find(inner, at, depth - 1, paths);
            }
          }
        });
  }

  /// The kind that was probably meant by one that holds no pod: `Pod` by `pod`. Null where nothing
  /// is like it.
  static @Nullable String similar(KubernetesObject object) {
    for (String kind : KINDS) {
      if (kind.equalsIgnoreCase(object.kind()) && !kind.equals(object.kind())) {
        return kind;
      }
    }
    return null;
  }

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
