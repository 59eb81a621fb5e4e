package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.ProofRecord;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /// All annotations below it are ours, also those of other versions, but for {@link
  /// SeccompKeys#PROVE}, which is the user's.
  private static final String PREFIX = "portcullis.dev/";

  static final String ANNOTATIONS = "annotations";
  static final String LABELS = "labels";

  static PolicyRecord of(Judgement judgement) {
    Set<String> policies = new TreeSet<>();
    Set<String> unconfined = new TreeSet<>();
    for (ContainerDecision decision : judgement.containers()) {
      switch (decision) {
        case Admitted admitted -> {
          admitted.ground().policyName().ifPresent(policies::add);
          if (admitted.runsUnconfined()) {
            unconfined.add(admitted.container().name());
          }
        }
        case InvalidPod _, Refused _, Undecided _, Unusable _ -> {}
      }
    }
    return new PolicyRecord(policies, unconfined, ProofRecord.of(judgement));
  }

  /// Whether an annotation or a label belongs to the record.
  ///
  /// @param member `annotations` or `labels`
  static boolean isPartOf(String member, String key) {
    return member.equals(LABELS)
        ? key.equals(PROVEN_LABEL)
        : key.startsWith(PREFIX) && !key.equals(SeccompKeys.PROVE);
  }

  private static List<String> keys(Mapping object, String member) {
    Mapping texts = Manifest.texts(object, member);
    return texts == null
        ? List.of()
        : texts.entries().keySet().stream().filter(key -> isPartOf(member, key)).sorted().toList();
  }

  /// What makes an object carry this and no other; nothing where it does.
  List<PatchOperation> write(Mapping object) {
    Map<String, @Nullable String> annotations = new LinkedHashMap<>();
    keys(object, ANNOTATIONS).forEach(key -> annotations.put(key, null));
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
        if (present.get(key) != null) {
          into.add(PatchOperation.remove(path(member, key)));
        }
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
    for (String member : List.of(ANNOTATIONS, LABELS)) {
      keys(object, member).forEach(key -> operations.add(PatchOperation.remove(path(member, key))));
    }
    return operations;
  }

  /// The parts of the record that an update sets, changes or takes away. Nodes hold a pod to what
  /// is there, and to what is not.
  static List<String> changed(Mapping object, Mapping old) {
    return JudgedMetadata.changed(object, old, PolicyRecord::isPartOf);
  }

  /// The part of an object's record that claims more than this one does, or other proofs; null for
  /// none.
  @Nullable String exceededBy(Mapping object) {
    String claimed = Manifest.annotation(object, UNCONFINED);
    if (claimed != null && !unconfined.containsAll(List.of(claimed.split(",", -1)))) {
      return field(ANNOTATIONS, UNCONFINED);
    }
    if (proofs.isEmpty() && Manifest.annotation(object, ProofRecord.KEY) != null) {
      return field(ANNOTATIONS, ProofRecord.KEY);
    }
    return keys(object, ANNOTATIONS).stream()
        .filter(key -> !List.of(KEY, UNCONFINED, ProofRecord.KEY).contains(key))
        .map(key -> field(ANNOTATIONS, key))
        .findFirst()
        .orElse(null);
  }

  /// The first part of a record that an object carries; null where it carries none.
  static @Nullable String anyIn(Mapping object) {
    for (String member : List.of(ANNOTATIONS, LABELS)) {
      for (String key : keys(object, member)) {
        return field(member, key);
      }
    }
    return null;
  }

  /// Whether an object carries the proofs that it is admitted for.
  boolean isProvenIn(Mapping object) {
    return proofs.isEmpty()
        || (proofs.text().equals(Manifest.annotation(object, ProofRecord.KEY))
            && "true".equals(Manifest.text(object, LABELS, PROVEN_LABEL)));
  }

  static String field(String member, String key) {
    return "metadata." + member + "." + key;
  }

  private static String path(String member, String key) {
    return "/metadata/" + member + "/" + PatchOperation.escaped(key);
  }
}
