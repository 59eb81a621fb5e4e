package dev.portcullis.cel;

import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.profiles.record.PodRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The policy that takes records away which a user wrote, where pods are not judged: nodes would
/// believe them.
final class RecordsPolicy {
  private RecordsPolicy() {}

  static AdmissionPolicy of(PolicyTarget target) {
    List<NamedExpression> conditions = new ArrayList<>(PodScope.conditions(target));
    conditions.add(
        new NamedExpression(
            "has-a-record",
            Fragments.has("annotations", Fragments.ofRecord("k"))
                + " || "
                + Fragments.has("labels", Fragments.recordLabel("k"))));
    Variables variables = new Variables();
    variables.add(
        "forged",
        "object.metadata.?annotations.orValue({}).map(k, k).filter(k, "
            + Fragments.ofRecord("k")
            + ")");
    String expression =
        "variables.forged.map(k, JSONPatch{op: 'remove', path: '/metadata/annotations/' + k.replace('~', '~0').replace('/', '~1')})"
            + " + (object.metadata.?labels.orValue({}).exists(k, "
            + Fragments.recordLabel("k")
            + ") ? [JSONPatch{op: 'remove', path: "
            + CelLiteral.text("/metadata/labels/" + FieldsPolicy.pointer(PodRecord.PROVEN))
            + "}] : [])";
    return new AdmissionPolicy(
        true,
        "portcullis-records",
        true,
        List.of(PodScope.NEW_PODS),
        conditions,
        variables.all(),
        List.of(
            new MappingBuilder()
                .put("patchType", "JSONPatch")
                .put("jsonPatch", new MappingBuilder().put("expression", expression).build())
                .build()),
        PolicyBinding.of(
            target, "look", List.of(), EnumSet.of(NamespaceMode.WARN, NamespaceMode.AUDIT)));
  }
}
