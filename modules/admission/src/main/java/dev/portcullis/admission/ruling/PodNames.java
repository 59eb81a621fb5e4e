package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import java.util.List;

/// Pods in words. There may be thousands.
final class PodNames {
  private static final int NAMED = 3;

  private PodNames() {}

  private static String name(Mapping pod) {
    return metadata(pod, "namespace") + "/" + metadata(pod, "name");
  }

  private static String metadata(Mapping pod, String key) {
    return pod.present("metadata") instanceof Mapping metadata
            && metadata.present(key) instanceof Value.Text(_, String text)
        ? text
        : "?";
  }

  /// The first of them, to be followed by what was done to them.
  static String of(List<Mapping> pods) {
    List<String> names = pods.stream().map(PodNames::name).toList();
    int more = names.size() - NAMED;
    return (names.size() == 1 ? "pod " : "pods ")
        + String.join(", ", names.stream().sorted().limit(NAMED).toList())
        + (more > 0 ? " and " + more + " more" : "")
        + (names.size() == 1 ? " was" : " were");
  }
}
