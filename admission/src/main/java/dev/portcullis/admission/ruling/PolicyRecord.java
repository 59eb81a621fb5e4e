package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import dev.portcullis.pods.name.ProfileName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The annotations in which a pod carries how it was admitted. Only Portcullis writes them: what
/// they say of a pod must be true, and nodes believe it.
///
/// @param policies the names of those that admitted it; none where it was admitted without any
/// @param unconfined the names of the containers that were judged to run without a filter
record PolicyRecord(Set<String> policies, Set<String> unconfined) {
  static final String KEY = "portcullis.dev/policy";

  /// Nodes need it (`node.proxy`): a kubelet says Unconfined of a container that names nothing,
  /// too.
  static final String UNCONFINED = "portcullis.dev/unconfined";

  private static final List<String> KEYS = List.of(KEY, UNCONFINED);
  private static final String ANNOTATIONS = "/metadata/annotations";

  static PolicyRecord of(Judgement judgement) {
    Set<String> policies = new TreeSet<>();
    Set<String> unconfined = new TreeSet<>();
    for (ContainerJudgement container : judgement.containers()) {
      if (container.policy() != null) {
        policies.add(container.policy());
      }
      if (container.allowed() && ProfileName.UNCONFINED.equals(container.profile())) {
        unconfined.add(container.container().name());
      }
    }
    return new PolicyRecord(policies, unconfined);
  }

  /// What makes an object carry this and no other; nothing where it does.
  List<PatchOperation> write(Mapping object) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put(KEY, String.join(",", policies));
    if (!unconfined.isEmpty()) {
      wanted.put(UNCONFINED, String.join(",", unconfined));
    }
    Mapping present = Manifest.annotations(object);
    if (present == null) {
      MappingBuilder built = new MappingBuilder();
      wanted.forEach(built::put);
      Mapping annotations = built.build();
      return object.present("metadata") instanceof Mapping
          ? List.of(PatchOperation.add(ANNOTATIONS, annotations))
          : List.of(
              PatchOperation.add(
                  "/metadata", new MappingBuilder().put("annotations", annotations).build()));
    }
    List<PatchOperation> operations = new ArrayList<>();
    for (String key : KEYS) {
      String value = wanted.get(key);
      if (value == null) {
        operations.addAll(erase(present, key));
      } else if (!value.equals(Manifest.annotation(object, key))) {
        operations.add(PatchOperation.add(path(key), new Value.Text(Position.NONE, value)));
      }
    }
    return operations;
  }

  /// What takes a record away that Portcullis has not written; nothing where there is none.
  static List<PatchOperation> erase(Mapping object) {
    Mapping annotations = Manifest.annotations(object);
    return annotations == null
        ? List.of()
        : KEYS.stream().flatMap(key -> erase(annotations, key).stream()).toList();
  }

  private static List<PatchOperation> erase(Mapping annotations, String key) {
    return annotations.get(key) == null ? List.of() : List.of(PatchOperation.remove(path(key)));
  }

  /// The annotation that an update sets or changes; null for none. It may take them away, as
  /// `kubectl replace` does with a file that has none.
  static @Nullable String changed(Mapping object, Mapping old) {
    for (String key : KEYS) {
      String now = Manifest.annotation(object, key);
      if (now != null && !now.equals(Manifest.annotation(old, key))) {
        return key;
      }
    }
    return null;
  }

  /// Whether an object claims of more containers than these that they are to have no filter.
  boolean isExceededBy(Mapping object) {
    String claimed = Manifest.annotation(object, UNCONFINED);
    return claimed != null && !unconfined.containsAll(List.of(claimed.split(",", -1)));
  }

  private static String path(String key) {
    return ANNOTATIONS + "/" + PatchOperation.escaped(key);
  }
}
