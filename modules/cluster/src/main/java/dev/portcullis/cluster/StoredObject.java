package dev.portcullis.cluster;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object as an API server sends it, of any kind: in lists often without `apiVersion` and
/// `kind`.
public record StoredObject(Mapping whole) {
  private static final Mapping NOTHING = new Mapping(Position.NONE, Map.of());

  /// Its metadata; empty where it has none.
  public Mapping metadata() {
    return mapping(whole, "metadata");
  }

  /// Its name; empty where it has none.
  public String name() {
    return text(metadata(), "name");
  }

  /// Its namespace; empty for an object of the cluster.
  public String namespace() {
    return text(metadata(), "namespace");
  }

  /// Its uid; empty where it has none.
  public String uid() {
    return text(metadata(), "uid");
  }

  /// Its `resourceVersion`, another one after each change; empty where it has none.
  public String version() {
    return text(metadata(), "resourceVersion");
  }

  public Map<String, String> labels() {
    return texts(metadata(), "labels");
  }

  public Map<String, String> annotations() {
    return texts(metadata(), "annotations");
  }

  /// An object in an object; empty where there is none.
  public static Mapping mapping(Mapping of, String key) {
    return of.present(key) instanceof Mapping found ? found : NOTHING;
  }

  /// A text in an object; empty where there is none.
  public static String text(Mapping of, String key) {
    return of.present(key) instanceof Value.Text(_, String text) ? text : "";
  }

  /// A whole number in an object; null where there is none.
  public static @Nullable Long number(Mapping of, String key) {
    try {
      return of.present(key) instanceof Value.Numeral(_, String literal)
          ? Long.valueOf(literal)
          : null;
    } catch (NumberFormatException another) {
      return null;
    }
  }

  /// The texts of an object of texts, as labels are; empty where there is none.
  public static Map<String, String> texts(Mapping of, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    mapping(of, key)
        .entries()
        .forEach((name, entry) -> {
          if (entry.value() instanceof Value.Text(_, String text)) {
            texts.put(name, text);
          }
        });
    return texts;
  }
}
