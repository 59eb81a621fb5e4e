package dev.portcullis.run.pod;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.ArrayList;
import java.util.List;

/// Makes plans, and refusals, from the text that a user would write.
final class Plans {
  static final String UID = "01234567-89ab-cdef-0123-456789abcdef";

  private Plans() {}

  /// The plan for the first pod of a file; ConfigMaps and the like may stand in it too.
  static PodPlanReader.Planned read(String yaml) {
    return read(yaml, RunLeniency.NONE);
  }

  static PodPlanReader.Planned read(String yaml, RunLeniency leniency) {
    ObjectIndex objects = new ObjectIndex("default");
    List<Pod> pods = new ArrayList<>();
    for (KubernetesObject object : objects(yaml)) {
      Pod pod = PodReader.read(object);
      List<Pod> byShape = pod == null ? PodReader.readByShape(object) : List.of(pod);
      if (!byShape.isEmpty()) {
        pods.addAll(byShape);
      } else if (!objects.add(object).isEmpty()) {
        throw new AssertionError(objects.add(object));
      }
    }
    Judgement judgement =
        new Judge(new PolicyScope.ValidityOnly(), ProfileName.RUNTIME_DEFAULT, "default")
            .judge(pods.getFirst());
    if (!judgement.admitted()) {
      throw new AssertionError(judgement.reasons());
    }
    return new PodPlanReader(objects, "node-1", leniency).read(judgement, "pod.yaml", UID);
  }

  static List<KubernetesObject> objects(String yaml) {
    List<KubernetesObject> objects = new ArrayList<>();
    switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
      case ParseResult.Documents(List<Value> values) -> {
        for (Value value : values) {
          for (ObjectReader.Found found : ObjectReader.read(value)) {
            objects.add((KubernetesObject) found);
          }
        }
      }
    }
    return objects;
  }

  /// A pod with these lines in its spec, and these in its only container.
  static String pod(String spec, String container, String... others) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec:\n"
        + spec.indent(2)
        + "  containers:\n  - name: c\n    image: i:1\n"
        + container.indent(4)
        + (others.length == 0 ? "" : "---\n" + String.join("\n---\n", others));
  }

  static PodPlan plan(String spec, String container, String... others) {
    return plan(read(pod(spec, container, others)));
  }

  static PodPlan plan(PodPlanReader.Planned planned) {
    return switch (planned) {
      case PodPlanReader.Plan(PodPlan plan, _) -> plan;
      case PodPlanReader.Refused refused -> throw new AssertionError(refused);
    };
  }

  /// The only container of such a pod.
  static ContainerPlan container(String container, String... others) {
    return plan("", container, others).containers().getFirst();
  }

  /// Why such a pod is refused: field and message of each.
  static List<String> refusals(String spec, String container, String... others) {
    return refusals(read(pod(spec, container, others)));
  }

  static List<String> refusals(PodPlanReader.Planned planned) {
    return switch (planned) {
      case PodPlanReader.Plan plan -> throw new AssertionError(plan);
      case PodPlanReader.Refused(List<FieldError> errors) ->
          errors.stream().map(error -> error.field() + ": " + error.message()).toList();
    };
  }
}
