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

  /// This object.
  public FieldPath field() {
    return new FieldPath(path, mapping.at());
  }

  /// A field of this object.
  public FieldPath field(String key) {
    return new FieldPath(path(key), at(key));
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
    return text(value, field(key));
  }

  public @Nullable Boolean truth(String key) {
    return switch (mapping.present(key)) {
      case null -> null;
      case Value.Truth truth -> truth.value();
      case Value value -> {
        wrong(field(key), "a boolean", value);
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
        error(FieldError.invalid(field(key), numeral.literal(), "must be an integer"));
        return null;
      }
    }
    wrong(field(key), "an integer", value);
    return null;
  }

  public @Nullable FieldReader object(String key) {
    return switch (mapping.present(key)) {
      case null -> null;
      case Mapping object -> new FieldReader(path(key), object, errors);
      case Value value -> {
        wrong(field(key), "an object", value);
        yield null;
      }
    };
  }

  public List<FieldReader> objects(String key) {
    List<FieldReader> objects = new ArrayList<>();
    List<Value> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      FieldPath item = item(key, i, items.get(i));
      switch (items.get(i)) {
        case Mapping object -> objects.add(new FieldReader(item.text(), object, errors));
        case Value value -> wrong(item, "an object", value);
      }
    }
    return objects;
  }

  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<Value> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      String text = text(items.get(i), item(key, i, items.get(i)));
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
        wrong(field(key), "a list", value);
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
                    : text(entry.value(), new FieldPath(object.path(name), entry.keyAt()));
            if (text != null) {
              map.put(name, text);
            }
          });
    }
    return map;
  }

  /// An item of a list in a field of this object.
  public FieldPath item(String key, int index, Value item) {
    return new FieldPath(path(key) + "[" + index + "]", item.at());
  }

  private @Nullable String text(Value value, FieldPath field) {
    if (value instanceof Value.Text text) {
      return text.value();
    }
    wrong(field, "a string", value);
    return null;
  }

  private void wrong(FieldPath field, String expected, Value found) {
    boolean unquoted = expected.equals("a string") && !(found instanceof Mapping);
    errors.add(
        FieldError.typeInvalid(
            field,
            "must be "
                + expected
                + ", not "
                + found.kind()
                + (unquoted && !(found instanceof Sequence) ? "; quote it" : "")));
  }
}
