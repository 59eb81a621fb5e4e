package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The record of a pod in its manifest: written, held against what is there, and taken away.
///
/// @param record how the pod was admitted
record ManifestRecord(PodRecord record) {
  static final String ANNOTATIONS = "annotations";
  static final String LABELS = "labels";

  static ManifestRecord of(Judgement judgement) {
    return new ManifestRecord(PodRecord.of(judgement));
  }

  /// Whether an annotation or a label belongs to a record.
  ///
  /// @param member `annotations` or `labels`
  static boolean isPartOf(String member, String key) {
    return member.equals(LABELS) ? PodRecord.isLabel(key) : PodRecord.isAnnotation(key);
  }

  private static List<String> keys(Mapping object, String member) {
    Mapping texts = Manifest.texts(object, member);
    return texts == null
        ? List.of()
        : texts.entries().keySet().stream().filter(key -> isPartOf(member, key)).sorted().toList();
  }

  /// What makes an object carry this and no other; nothing where it does.
  List<PatchOperation> write(Mapping object) {
    Map<String, @Nullable String> annotations = wanted(object, ANNOTATIONS, record.annotations());
    Map<String, @Nullable String> labels = wanted(object, LABELS, record.labels());
    if (!(object.present("metadata") instanceof Mapping)) {
      MappingBuilder metadata = new MappingBuilder().put(ANNOTATIONS, built(annotations));
      if (!labels.isEmpty()) {
        metadata.put(LABELS, built(labels));
      }
      return List.of(PatchOperation.add("/metadata", metadata.build()));
    }
    List<PatchOperation> operations = new ArrayList<>();
    write(object, ANNOTATIONS, annotations, operations);
    write(object, LABELS, labels, operations);
    return operations;
  }

  /// What is to be there, by key; null for what an object has of another record.
  private static Map<String, @Nullable String> wanted(
      Mapping object, String member, Map<String, String> values) {
    Map<String, @Nullable String> wanted = new LinkedHashMap<>();
    keys(object, member).forEach(key -> wanted.put(key, null));
    wanted.putAll(values);
    return wanted;
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

  /// The proofs by which an object was admitted, according to its annotation; none where it has
  /// none, or one that Portcullis would not write.
  static ProofRecord proofs(Mapping object) {
    String text = Manifest.annotation(object, PodRecord.PROVEN);
    ProofRecord read = text == null ? null : ProofRecord.read(text);
    return read == null ? ProofRecord.NONE : read;
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
    return JudgedMetadata.changed(object, old, ManifestRecord::isPartOf);
  }

  /// The part of an object's record that claims more than this one does, or other proofs; null for
  /// none.
  @Nullable String exceededBy(Mapping object) {
    String claimed = Manifest.annotation(object, PodRecord.UNCONFINED);
    if (claimed != null && record.isExceededBy(claimed)) {
      return field(ANNOTATIONS, PodRecord.UNCONFINED);
    }
    if (record.proofs().isEmpty() && Manifest.annotation(object, PodRecord.PROVEN) != null) {
      return field(ANNOTATIONS, PodRecord.PROVEN);
    }
    return keys(object, ANNOTATIONS).stream()
        .filter(key -> !PodRecord.KEYS.contains(key))
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
    String label = record.labels().get(PodRecord.PROVEN);
    return label == null
        || (record.proofs().text().equals(Manifest.annotation(object, PodRecord.PROVEN))
            && label.equals(Manifest.text(object, LABELS, PodRecord.PROVEN)));
  }

  static String field(String member, String key) {
    return "metadata." + member + "." + key;
  }

  private static String path(String member, String key) {
    return "/metadata/" + member + "/" + PatchOperation.escaped(key);
  }
}
