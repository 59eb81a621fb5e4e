package dev.portcullis.admission.review;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/// Writes an answer as an AdmissionReview. However much is wrong with a pod of a thousand
/// containers, the answer stays small: the API server cuts long ones, and keeps them in memory.
public final class ReviewWriter {
  private static final int MAX_WARNING = 1024;
  private static final int MAX_MESSAGE = 16 * 1024;
  private static final int MAX_AUDIT = 4 * 1024;

  private ReviewWriter() {}

  public static byte[] write(String uid, AdmissionResponse response) {
    MappingBuilder answer =
        new MappingBuilder().put("uid", uid).put("allowed", response.refusal() == null);
    AdmissionResponse.Refusal refusal = response.refusal();
    if (refusal != null) {
      answer.put(
          "status",
          new MappingBuilder()
              .put("status", "Failure")
              .put("code", refusal.code())
              .put("reason", refusal.reason())
              .put("message", cut(refusal.message(), MAX_MESSAGE))
              .build());
    }
    if (!response.patch().isEmpty()) {
      answer
          .put("patchType", "JSONPatch")
          .put("patch", Base64.getEncoder().encodeToString(patch(response.patch())));
    }
    if (!response.warnings().isEmpty()) {
      answer.put("warnings", warnings(response.warnings()));
    }
    if (!response.auditAnnotations().isEmpty()) {
      MappingBuilder audit = new MappingBuilder();
      new TreeMap<>(response.auditAnnotations())
          .forEach((key, value) -> audit.put(key, cut(value, MAX_AUDIT)));
      answer.put("auditAnnotations", audit.build());
    }
    Mapping review =
        new MappingBuilder()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview")
            .put("response", answer.build())
            .build();
    return JsonWriter.compact(review).getBytes(UTF_8);
  }

  /// The patch itself, as JSON.
  static byte[] patch(List<PatchOperation> operations) {
    List<Value> steps = operations.stream().<Value>map(PatchOperation::toJson).toList();
    return JsonWriter.compact(new Sequence(Position.NONE, steps)).getBytes(UTF_8);
  }

  private static List<Value> warnings(List<String> warnings) {
    return warnings.stream()
        .<Value>map(text -> new Value.Text(Position.NONE, cut(text, MAX_WARNING)))
        .toList();
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    // Not between the halves of a surrogate pair: what is left must be text.
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end) + "...";
  }
}
