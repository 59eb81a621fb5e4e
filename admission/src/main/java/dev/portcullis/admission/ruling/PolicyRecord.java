package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.util.List;

/// The annotation in which a pod carries by which policies it was admitted. Only Portcullis writes
/// it: what it says of a pod must be true.
final class PolicyRecord {
  static final String KEY = "portcullis.dev/policy";

  private static final String ANNOTATIONS = "/metadata/annotations";

  private PolicyRecord() {}

  /// What makes an object carry a record; nothing where it does.
  ///
  /// @param policies their names, joined by commas; empty where the pod was admitted without any
  static List<PatchOperation> write(Mapping object, String policies) {
    if (policies.equals(Manifest.annotation(object, KEY))) {
      return List.of();
    }
    Value value = new Value.Text(Position.NONE, policies);
    if (Manifest.annotations(object) != null) {
      return List.of(PatchOperation.add(path(), value));
    }
    Mapping annotations = new MappingBuilder().put(KEY, value).build();
    return object.present("metadata") instanceof Mapping
        ? List.of(PatchOperation.add(ANNOTATIONS, annotations))
        : List.of(
            PatchOperation.add(
                "/metadata", new MappingBuilder().put("annotations", annotations).build()));
  }

  /// What takes a record away that Portcullis has not written; nothing where there is none.
  static List<PatchOperation> erase(Mapping object) {
    Mapping annotations = Manifest.annotations(object);
    return annotations == null || annotations.get(KEY) == null
        ? List.of()
        : List.of(PatchOperation.remove(path()));
  }

  private static String path() {
    return ANNOTATIONS + "/" + PatchOperation.escaped(KEY);
  }
}
