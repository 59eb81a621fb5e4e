package dev.portcullis.pods.object;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one object by their types, and notes what has another type.
///
/// A field that is absent or `null` reads as null (an empty list for lists): Kubernetes decodes the
/// two alike.
public final class FieldReader {
  private final String path;
  private final Mapping mapping;
  private final List<FieldError> errors;

  /// @param path of the object itself; empty for the root
  /// @param errors where wrong types are noted
  public FieldReader(String path, Mapping mapping, List<FieldError> errors) {
    this.path = path;
    this.mapping = mapping;
    this.errors = errors;
  }

  public Mapping mapping() {
    return mapping;
  }

  /// The path of this object.
  public String path() {
    return path;
  }

  /// The path of a field of this object.
  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// The place of a field, or of the object where the field is absent.
  public Position at(String key) {
    return mapping.at(key);
  }

  public void error(FieldError error) {
    errors.add(error);
  }

  public boolean has(String key) {
    return mapping.present(key) != null;
  }

  public @Nullable String text(String key) {
    Value value = mapping.present(key);
    if (value == null) {
      return null;
    }
    return text(value, path(key), at(key));
  }

  public @Nullable Boolean truth(String key) {
    return switch (mapping.present(key)) {
      case null -> null;
      case Value.Truth truth -> truth.value();
      case Value value -> {
        wrong(path(key), at(key), "a boolean", value);
        yield null;
      }
    };
  }

  /// A whole number that fits 64 signed bits.
  public @Nullable Long integer(String key) {
    Value value = mapping.present(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Value.Numeral numeral) {
      try {
        return Long.valueOf(numeral.literal());
      } catch (NumberFormatException e) {
        error(FieldError.invalid(path(key), at(key), numeral.literal(), "must be a whole number"));
        return null;
      }
    }
    wrong(path(key), at(key), "a whole number", value);
    return null;
  }

  public @Nullable FieldReader object(String key) {
    return switch (mapping.present(key)) {
      case null -> null;
      case Mapping object -> new FieldReader(path(key), object, errors);
      case Value value -> {
        wrong(path(key), at(key), "an object", value);
        yield null;
      }
    };
  }

  public List<FieldReader> objects(String key) {
    List<FieldReader> objects = new ArrayList<>();
    List<Value> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String itemPath = path(key) + "[" + i + "]";
      switch (items.get(i)) {
        case Mapping object -> objects.add(new FieldReader(itemPath, object, errors));
        case Value value -> wrong(itemPath, value.at(), "an object", value);
      }
    }
    return objects;
  }

  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<Value> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      Value item = items.get(i);
      String text = text(item, path(key) + "[" + i + "]", item.at());
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /// The items of a list, whatever they are.
  public List<Value> items(String key) {
    return switch (mapping.present(key)) {
      case null -> List.of();
      case Sequence sequence -> sequence.items();
      case Value value -> {
        wrong(path(key), at(key), "a list", value);
        yield List.of();
      }
    };
  }

  /// A map of strings, such as labels and annotations. A value `null` is the empty string there, as
  /// Go decodes it; it is not an absent key.
  public Map<String, String> textMap(String key) {
    FieldReader object = object(key);
    Map<String, String> map = new LinkedHashMap<>();
    if (object != null) {
      object
          .mapping
          .entries()
          .forEach((name, entry) -> {
            String text =
                entry.value() instanceof Value.Null
                    ? ""
                    : text(entry.value(), object.path(name), entry.keyAt());
            if (text != null) {
              map.put(name, text);
            }
          });
    }
    return map;
  }

  private @Nullable String text(Value value, String field, Position at) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    wrong(field, at, "a string", value);
    return null;
  }

  private void wrong(String field, Position at, String expected, Value found) {
    boolean unquoted = expected.equals("a string") && !(found instanceof Mapping);
    errors.add(
        new FieldError(
            field,
            "must be "
                + expected
                + ", not "
                + found.kind()
                + (unquoted && !(found instanceof Sequence) ? "; put it between quotes" : ""),
            at));
  }
}
