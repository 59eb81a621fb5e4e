package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.spec.Pod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a pod may run, by its spec: taints, and what the scheduler knows beside, are left out.
///
/// @param nodeName the node it is bound to; null where it is not
/// @param selector the labels that its node must have
/// @param narrower whether it has an affinity to nodes, by which it may run on fewer
record Placement(@Nullable String nodeName, Map<String, String> selector, boolean narrower) {

  static Placement of(Pod pod) {
    Mapping spec = pod.spec().manifest();
    String nodeName =
        spec.present("nodeName") instanceof Value.Text(_, String name) && !name.isEmpty()
            ? name
            : null;
    Map<String, String> selector = new HashMap<>();
    if (spec.present("nodeSelector") instanceof Mapping labels) {
      for (String key : labels.entries().keySet()) {
        if (labels.present(key) instanceof Value.Text(_, String value)) {
          selector.put(key, value);
        }
      }
    }
    return new Placement(
        nodeName,
        selector,
        spec.present("affinity") instanceof Mapping affinity
            && affinity.present("nodeAffinity") != null);
  }

  boolean allows(ReportingNode node) {
    return nodeName == null
        ? node.labels().entrySet().containsAll(selector.entrySet())
        : nodeName.equals(node.name());
  }
}
