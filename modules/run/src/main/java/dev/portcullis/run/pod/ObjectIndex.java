package dev.portcullis.run.pod;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.KubernetesObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ConfigMaps, Secrets and RuntimeClasses that stand in the same files as the pods.
public final class ObjectIndex {
  private final Map<Key, Map<String, byte[]>> data = new HashMap<>();
  private final Map<String, String> handlers = new HashMap<>();
  private final String defaultNamespace;

  /// What kind of object holds files.
  enum Kind {
    CONFIG_MAP("ConfigMap"),
    SECRET("Secret");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private record Key(Kind kind, String namespace, String name) {}

  public ObjectIndex(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  /// Takes an object in.
  ///
  /// @return what is wrong with it; nothing for kinds that do not matter here
  public List<FieldError> add(KubernetesObject object) {
    List<FieldError> errors = new ArrayList<>();
    FieldReader root = new FieldReader("", object.manifest(), errors);
    switch (object.apiVersion() + "/" + object.kind()) {
      case "v1/ConfigMap" -> files(Kind.CONFIG_MAP, root, "binaryData", "data");
      case "v1/Secret" -> files(Kind.SECRET, root, "data", "stringData");
      case "node.k8s.io/v1/RuntimeClass", "node.k8s.io/v1beta1/RuntimeClass" -> {
        String name = name(root);
        String handler = root.text("handler");
        if (name != null && handler != null) {
          handlers.put(name, handler);
        }
      }
      default -> {}
    }
    return errors;
  }

  /// The contents of an object by their keys; null where there is no such object.
  @Nullable Map<String, byte[]> data(Kind kind, String namespace, String name) {
    return data.get(new Key(kind, namespace, name));
  }

  /// The handler of a RuntimeClass; its own name where these files do not have it.
  String handler(String runtimeClass) {
    return handlers.getOrDefault(runtimeClass, runtimeClass);
  }

  private void files(Kind kind, FieldReader root, String base64, String plain) {
    String name = name(root);
    if (name == null) {
      return;
    }
    FieldReader metadata = root.object("metadata");
    String namespace = metadata == null ? null : metadata.text("namespace");
    Map<String, byte[]> files = new LinkedHashMap<>();
    root.textMap(base64)
        .forEach((key, text) -> {
          try {
            // As Go decodes it: lines may be broken. Java's decoder for MIME would skip all else
            // too.
            files.put(key, Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", "")));
          } catch (IllegalArgumentException e) {
            root.error(FieldError.invalid(root.field(base64).child(key), "must be base64"));
          }
        });
    root.textMap(plain)
        .forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
    data.put(
        new Key(
            kind, namespace == null || namespace.isEmpty() ? defaultNamespace : namespace, name),
        files);
  }

  private static @Nullable String name(FieldReader root) {
    if (root.mapping().present("metadata") instanceof Mapping metadata
        && metadata.present("name") instanceof Value.Text name
        && !name.value().isEmpty()) {
      return name.value();
    }
    root.error(FieldError.required(root.field("metadata").child("name"), ""));
    return null;
  }
}
