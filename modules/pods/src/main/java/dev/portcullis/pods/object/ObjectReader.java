package dev.portcullis.pods.object;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the Kubernetes objects of a document: itself, or the items of a list.
public final class ObjectReader {
  /// How deep a List may stand in a List.
  private static final int MAX_LIST_DEPTH = 4;

  private ObjectReader() {}

  /// What a document, or an item of a list, turned out to be.
  public sealed interface Found permits KubernetesObject, Foreign, Broken {}

  /// Something that has none of the fields of an object, such as a seccomp profile or Helm values.
  public record Foreign(Position at) implements Found {}

  /// Something that is meant as an object and is none.
  public record Broken(FieldError error) implements Found {}

  /// All that a document holds, in order; lists (`List`, `PodList`, ...) are opened.
  public static List<Found> read(Value document) {
    List<Found> found = new ArrayList<>();
    read(document, "", new Defaults(null, null), 0, found);
    return found;
  }

  /// What an item of a typed list may leave out, because the list says it.
  private record Defaults(@Nullable String apiVersion, @Nullable String kind) {}

  private static void read(
      Value value, String path, Defaults defaults, int depth, List<Found> found) {
    if (!(value instanceof Mapping mapping)) {
      found.add(
          path.isEmpty()
              ? new Foreign(value.at())
              : new Broken(
                  FieldError.typeInvalid(
                      new FieldPath(path, value.at()), "must be an object, not " + value.kind())));
      return;
    }
    List<FieldError> errors = new ArrayList<>();
    FieldReader fields = new FieldReader(path, mapping, errors);
    String apiVersion = orElse(fields.text("apiVersion"), defaults.apiVersion());
    String kind = orElse(fields.text("kind"), defaults.kind());
    if (apiVersion == null || kind == null) {
      if (errors.isEmpty() && path.isEmpty() && apiVersion == null && kind == null) {
        if (mapping.get("metadata") == null || mapping.get("spec") == null) {
          found.add(new Foreign(value.at()));
          return;
        }
      }
      if (errors.isEmpty()) {
        String missing = kind == null ? "kind" : "apiVersion";
        errors.add(FieldError.required(fields.field().child(missing), ""));
      }
      errors.forEach(error -> found.add(new Broken(error)));
      return;
    }
    if (kind.endsWith("List") && mapping.get("items") != null) {
      if (depth == MAX_LIST_DEPTH) {
        found.add(
            new Broken(FieldError.invalid(fields.field(), kind, "lists are nested too deeply")));
        return;
      }
      String itemKind = kind.substring(0, kind.length() - "List".length());
      Defaults inner =
          itemKind.isEmpty() ? new Defaults(null, null) : new Defaults(apiVersion, itemKind);
      if (!(mapping.present("items") instanceof Sequence)) {
        fields.items("items");
        errors.forEach(error -> found.add(new Broken(error)));
        return;
      }
      List<Value> items = fields.items("items");
      for (int i = 0; i < items.size(); i++) {
        read(items.get(i), fields.path("items") + "[" + i + "]", inner, depth + 1, found);
      }
      return;
    }
    found.add(new KubernetesObject(apiVersion, kind, mapping));
  }

  private static @Nullable String orElse(@Nullable String text, @Nullable String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }
}
