package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import dev.portcullis.pods.decide.ProofRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The annotations, and the label, in which a pod carries how it was admitted. Only Portcullis
/// writes them: what they say of a pod must be true, and nodes believe it.
///
/// @param policies the names of those that admitted it; none where it was admitted without any
/// @param unconfined the names of the containers that were judged to run without a filter, or that
///   are privileged and run without one whatever they name
/// @param proofs what it was admitted for beside names
record PolicyRecord(Set<String> policies, Set<String> unconfined, ProofRecord proofs) {
  static final String KEY = "portcullis.dev/policy";

  /// Nodes need it (`node.proxy`): a kubelet says Unconfined of a container that names nothing,
  /// too.
  static final String UNCONFINED = "portcullis.dev/unconfined";

  /// Beside the annotation, by which such pods can be found among many; its value is `true`.
  static final String PROVEN_LABEL = ProofRecord.KEY;

  private static final List<String> KEYS = List.of(KEY, UNCONFINED, ProofRecord.KEY);
  private static final String ANNOTATIONS = "annotations";
  private static final String LABELS = "labels";

  static PolicyRecord of(Judgement judgement) {
    Set<String> policies = new TreeSet<>();
    Set<String> unconfined = new TreeSet<>();
    for (ContainerJudgement container : judgement.containers()) {
      if (container.policy() != null) {
        policies.add(container.policy());
      }
      if (container.allowed() && container.runsUnconfined()) {
        unconfined.add(container.container().name());
      }
    }
    return new PolicyRecord(policies, unconfined, ProofRecord.of(judgement));
  }

  /// What makes an object carry this and no other; nothing where it does.
  List<PatchOperation> write(Mapping object) {
    Map<String, @Nullable String> annotations = new LinkedHashMap<>();
    annotations.put(KEY, String.join(",", policies));
    annotations.put(UNCONFINED, unconfined.isEmpty() ? null : String.join(",", unconfined));
    annotations.put(ProofRecord.KEY, proofs.isEmpty() ? null : proofs.text());
    Map<String, @Nullable String> labels = new LinkedHashMap<>();
    labels.put(PROVEN_LABEL, proofs.isEmpty() ? null : "true");
    if (!(object.present("metadata") instanceof Mapping)) {
      MappingBuilder metadata = new MappingBuilder().put(ANNOTATIONS, built(annotations));
      if (!proofs.isEmpty()) {
        metadata.put(LABELS, built(labels));
      }
      return List.of(PatchOperation.add("/metadata", metadata.build()));
    }
    List<PatchOperation> operations = new ArrayList<>();
    write(object, ANNOTATIONS, annotations, operations);
    write(object, LABELS, labels, operations);
    return operations;
  }

  /// @param wanted values by their keys; null for one that is to be away
  private static void write(
      Mapping object,
      String member,
      Map<String, @Nullable String> wanted,
      List<PatchOperation> into) {
    Mapping present = Manifest.texts(object, member);
    if (present == null) {
      Mapping built = built(wanted);
      if (!built.entries().isEmpty()) {
        into.add(PatchOperation.add("/metadata/" + member, built));
      }
      return;
    }
    wanted.forEach((key, value) -> {
      if (value == null) {
        into.addAll(erase(present, member, key));
      } else if (!value.equals(Manifest.text(object, member, key))) {
        into.add(PatchOperation.add(path(member, key), new Value.Text(Position.NONE, value)));
      }
    });
  }

  private static Mapping built(Map<String, @Nullable String> wanted) {
    MappingBuilder built = new MappingBuilder();
    wanted.forEach((key, value) -> {
      if (value != null) {
        built.put(key, value);
      }
    });
    return built.build();
  }

  /// What an object says that it was admitted for; nothing where it says nothing, or what
  /// Portcullis would not.
  static ProofRecord proofs(Mapping object) {
    String text = Manifest.annotation(object, ProofRecord.KEY);
    ProofRecord read = text == null ? null : ProofRecord.read(text);
    return read == null ? new ProofRecord(Map.of()) : read;
  }

  /// What takes a record away that Portcullis has not written; nothing where there is none.
  static List<PatchOperation> erase(Mapping object) {
    List<PatchOperation> operations = new ArrayList<>();
    Mapping annotations = Manifest.texts(object, ANNOTATIONS);
    if (annotations != null) {
      KEYS.forEach(key -> operations.addAll(erase(annotations, ANNOTATIONS, key)));
    }
    Mapping labels = Manifest.texts(object, LABELS);
    if (labels != null) {
      operations.addAll(erase(labels, LABELS, PROVEN_LABEL));
    }
    return operations;
  }

  private static List<PatchOperation> erase(Mapping present, String member, String key) {
    return present.get(key) == null ? List.of() : List.of(PatchOperation.remove(path(member, key)));
  }

  /// The part of the record that an update may not change as it does; null for none. The names may
  /// be taken away, as `kubectl replace` does with a file that has none; what nodes hold a pod to
  /// may not.
  static @Nullable String changed(Mapping object, Mapping old) {
    for (String key : KEYS) {
      String now = Manifest.annotation(object, key);
      boolean kept = Objects.equals(now, Manifest.annotation(old, key));
      if (!kept && (now != null || key.equals(ProofRecord.KEY))) {
        return field(ANNOTATIONS, key);
      }
    }
    return Objects.equals(
            Manifest.text(object, LABELS, PROVEN_LABEL), Manifest.text(old, LABELS, PROVEN_LABEL))
        ? null
        : field(LABELS, PROVEN_LABEL);
  }

  /// The part of an object's record that claims more than this one does, or other proofs; null for
  /// none.
  @Nullable String exceededBy(Mapping object) {
    String claimed = Manifest.annotation(object, UNCONFINED);
    if (claimed != null && !unconfined.containsAll(List.of(claimed.split(",", -1)))) {
      return field(ANNOTATIONS, UNCONFINED);
    }
    return proofs.isEmpty() && Manifest.annotation(object, ProofRecord.KEY) != null
        ? field(ANNOTATIONS, ProofRecord.KEY)
        : null;
  }

  /// The first part of a record that an object carries; null where it carries none.
  static @Nullable String anyIn(Mapping object) {
    Mapping annotations = Manifest.texts(object, ANNOTATIONS);
    for (String key : KEYS) {
      if (annotations != null && annotations.get(key) != null) {
        return field(ANNOTATIONS, key);
      }
    }
    Mapping labels = Manifest.texts(object, LABELS);
    return labels != null && labels.get(PROVEN_LABEL) != null ? field(LABELS, PROVEN_LABEL) : null;
  }

  /// Whether an object carries the proofs that it is admitted for.
  boolean isProvenIn(Mapping object) {
    return proofs.isEmpty()
        || (proofs.text().equals(Manifest.annotation(object, ProofRecord.KEY))
            && "true".equals(Manifest.text(object, LABELS, PROVEN_LABEL)));
  }

  private static String field(String member, String key) {
    return "metadata." + member + "." + key;
  }

  private static String path(String member, String key) {
    return "/metadata/" + member + "/" + PatchOperation.escaped(key);
  }
}
