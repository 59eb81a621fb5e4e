package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The annotations and labels of a pod on which it depends under which filter its containers run:
/// what Portcullis wrote down, what names profiles, and what runtimes obey.
final class JudgedMetadata {
  private JudgedMetadata() {}

  /// Which of them.
  interface Part {
    /// Whether it is one of them.
    ///
    /// @param member `annotations` or `labels`
    boolean has(String member, String key);
  }

  /// The fields among them that a request sets, changes or takes away.
  ///
  /// @param old null where there is nothing yet
  static List<String> changed(Mapping object, @Nullable Mapping old) {
    return changed(object, old, JudgedMetadata::isJudged);
  }

  /// The same of a part of them.
  static List<String> changed(Mapping object, @Nullable Mapping old, Part part) {
    List<String> fields = new ArrayList<>();
    for (String member : List.of(ManifestRecord.ANNOTATIONS, ManifestRecord.LABELS)) {
      Map<String, Value> now = texts(object, member, part);
      Map<String, Value> before = old == null ? Map.of() : texts(old, member, part);
      Set<String> keys = new TreeSet<>(now.keySet());
      keys.addAll(before.keySet());
      for (String key : keys) {
        if (!same(now.get(key), before.get(key))) {
          fields.add(ManifestRecord.field(member, key));
        }
      }
    }
    return fields;
  }

  private static Map<String, Value> texts(Mapping object, String member, Part part) {
    Mapping texts = Manifest.texts(object, member);
    if (texts == null) {
      return Map.of();
    }
    Map<String, Value> found = new HashMap<>();
    texts
        .entries()
        .forEach((key, entry) -> {
          if (part.has(member, key)) {
            found.put(key, entry.value());
          }
        });
    return found;
  }

  private static boolean same(@Nullable Value now, @Nullable Value before) {
    return now instanceof Value.Text(_, String text)
        && before instanceof Value.Text(_, String other)
        && text.equals(other);
  }

  private static boolean isJudged(String member, String key) {
    return ManifestRecord.isPartOf(member, key)
        || (member.equals(ManifestRecord.ANNOTATIONS)
            && (key.equals(SeccompKeys.POD)
                || key.equals(SeccompKeys.RECORD)
                || key.startsWith(SeccompKeys.CONTAINER_PREFIX)
                || RuntimeAnnotation.of(key) != null));
  }
}
