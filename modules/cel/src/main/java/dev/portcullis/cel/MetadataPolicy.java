package dev.portcullis.cel;

import java.util.ArrayList;
import java.util.List;

/// The policy about requests that write annotations and labels of a pod beside it: its status, and
/// a Binding to a node. What matters is changed through the pod itself, where it is judged.
final class MetadataPolicy {
  private MetadataPolicy() {}

  static AdmissionPolicy of(PolicyTarget target) {
    String key =
        "("
            + Fragments.namesProfile("k")
            + " || "
            + Fragments.obeyedByRuntimes("k")
            + " || "
            + Fragments.ofRecord("k")
            + ")";
    String label = Fragments.recordLabel("k");
    List<NamedExpression> conditions = new ArrayList<>();
    conditions.add(
        new NamedExpression(
            "changes-what-matters",
            Fragments.CREATES
                + " ? "
                + Fragments.has("annotations", key)
                + " || "
                + Fragments.has("labels", label)
                + " : "
                + Fragments.changes("annotations", key)
                + " || "
                + Fragments.changes("labels", label)));
    conditions.addAll(PodScope.exemptions(target, "object"));
    ValidationRule rule =
        new ValidationRule(
            "false",
            "the profiles of a pod, and the record of its admission, cannot be changed through its"
                + " status or a binding; change the pod itself");
    return new AdmissionPolicy(
        false,
        "portcullis-metadata",
        true,
        List.of(
            new AdmissionPolicy.ResourceRule(
                "", List.of("UPDATE"), List.of("pods/status", "pods/resize")),
            new AdmissionPolicy.ResourceRule(
                "", List.of("CREATE"), List.of("pods/binding", "bindings"))),
        conditions,
        List.of(),
        List.of(rule.yaml()),
        PolicyBinding.ofEach(target, NamespaceMode.values()));
  }
}
