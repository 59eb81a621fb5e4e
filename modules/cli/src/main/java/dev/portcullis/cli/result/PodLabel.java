package dev.portcullis.cli.result;

import dev.portcullis.pods.spec.Pod;

/// What a pod in a file is called, before it is judged.
public final class PodLabel {
  private PodLabel() {}

  /// Its name with its namespace, and its kind where it is not a Pod.
  public static String of(Pod pod) {
    String name = namespace(pod) + "/" + pod.identity().name();
    return pod.isTemplate() ? pod.identity().kind() + " " + name : name;
  }

  /// Its namespace; `default` where it names none.
  static String namespace(Pod pod) {
    String named = pod.identity().namespace();
    return named == null ? "default" : named;
  }
}
