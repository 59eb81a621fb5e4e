package dev.portcullis.cel;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.Comparator;
import java.util.List;

/// The proofs on which compiled policies rest, in an annotation.
final class ProofAnnotation {
  /// All annotations of an object together may have 256 KiB.
  static final int LARGEST = 200_000;

  private ProofAnnotation() {}

  /// Sorted; empty for none. Where they are too many, their digest.
  static String text(List<ProvenName> proven) {
    if (proven.isEmpty()) {
      return "";
    }
    List<Value> items =
        proven.stream()
            .sorted(
                Comparator.comparing(ProvenName::policy)
                    .thenComparing(each -> each.profile().text())
                    .thenComparing(each -> each.than().text()))
            .<Value>map(ProofAnnotation::item)
            .toList();
    String text = JsonWriter.compact(new Sequence(Position.NONE, items));
    return text.length() <= LARGEST ? text : "sha256:" + Sha256.of(text);
  }

  private static Value item(ProvenName proven) {
    MappingBuilder item =
        new MappingBuilder()
            .put("policy", proven.policy())
            .put("profile", proven.profile().text())
            .put("sha256", proven.sha256())
            .put("noWeakerThan", proven.than().text());
    if (proven.baseSha256() != null) {
      item.put("baseSha256", proven.baseSha256());
    }
    return item.build();
  }
}
