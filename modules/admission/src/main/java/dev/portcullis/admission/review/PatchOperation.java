package dev.portcullis.admission.review;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Value;
import org.jspecify.annotations.Nullable;

/// One step of a JSON patch (RFC 6902).
///
/// @param op `add` or `remove`
/// @param path a JSON pointer (RFC 6901), escaped
/// @param value null where nothing is added
public record PatchOperation(String op, String path, @Nullable Value value) {

  /// Sets a value under the last key of a path, whether something stands there or not.
  public static PatchOperation add(String path, Value value) {
    return new PatchOperation("add", path, value);
  }

  public static PatchOperation remove(String path) {
    return new PatchOperation("remove", path, null);
  }

  /// A key as one step of a path: `~` and `/` have another meaning there.
  public static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  Mapping toJson() {
    MappingBuilder json = new MappingBuilder().put("op", op).put("path", path);
    return (value == null ? json : json.put("value", value)).build();
  }
}
