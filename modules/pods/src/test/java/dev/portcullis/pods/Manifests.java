package dev.portcullis.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.ArrayList;
import java.util.List;

/// Makes the values that the tests are about from the text that a user would write.
public final class Manifests {
  private Manifests() {}

  public static List<ObjectReader.Found> found(String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) ->
          values.stream().flatMap(value -> ObjectReader.read(value).stream()).toList();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  public static List<KubernetesObject> objects(String yaml) {
    List<KubernetesObject> objects = new ArrayList<>();
    for (ObjectReader.Found found : found(yaml)) {
      if (!(found instanceof KubernetesObject object)) {
        throw new AssertionError(found);
      }
      objects.add(object);
    }
    return objects;
  }

  public static Pod pod(String yaml) {
    Pod pod = PodReader.read(objects(yaml).getFirst());
    if (pod == null) {
      throw new AssertionError("no pod in " + yaml);
    }
    return pod;
  }

  /// A pod with these annotations (lines of YAML) and this spec (lines of YAML).
  public static Pod pod(String annotations, String spec) {
    return pod(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"
            + (annotations.isEmpty() ? "" : "  annotations:\n" + annotations.indent(4))
            + "spec:\n"
            + spec.indent(2));
  }

  /// Kind and path of every error, as `REQUIRED metadata.name`.
  public static List<String> kinds(List<FieldError> errors) {
    return errors.stream().map(error -> error.kind() + " " + error.field()).toList();
  }

  /// Field and message of every error, joined as Kubernetes joins them.
  public static List<String> texts(List<FieldError> errors) {
    return errors.stream().map(error -> error.field() + ": " + error.message()).toList();
  }
}
