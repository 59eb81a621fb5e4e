package dev.portcullis.pods.fix;

import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.ArrayList;
import java.util.List;

/// What is to change in one object: all that its pods ask for, or nothing.
final class ObjectPlan {
  private final List<PodFixPlan> pods;
  private final List<Obstacle> obstacles = new ArrayList<>();

  private ObjectPlan(List<PodFixPlan> pods) {
    this.pods = pods;
    pods.forEach(pod -> obstacles.addAll(pod.obstacles()));
  }

  static ObjectPlan of(KubernetesObject object, FixRules rules) {
    return new ObjectPlan(pods(object).stream().map(pod -> PodFixPlan.of(pod, rules)).toList());
  }

  /// The pods that an object is or holds, also where its kind is not known.
  static List<Pod> pods(KubernetesObject object) {
    Pod pod = PodReader.read(object);
    return pod == null ? PodReader.readByShape(object) : List.of(pod);
  }

  List<Pod> pods() {
    return pods.stream().map(PodFixPlan::pod).toList();
  }

  /// Whether the object is to change.
  boolean changes() {
    return obstacles.isEmpty() && pods.stream().anyMatch(pod -> !pod.entries().isEmpty());
  }

  List<EntryChange> entries() {
    return pods.stream().flatMap(pod -> pod.entries().stream()).toList();
  }

  List<PodChange> podChanges() {
    return pods.stream().flatMap(pod -> pod.changes().stream()).toList();
  }

  List<Obstacle> obstacles() {
    return obstacles;
  }

  /// From now on the object stays as it is.
  void block(Obstacle.Kind kind, String message) {
    for (PodFixPlan pod : pods) {
      pod.changes().stream()
          .limit(1)
          .forEach(change -> obstacles.add(new Obstacle(pod.pod(), kind, change.path(), message)));
    }
  }
}
