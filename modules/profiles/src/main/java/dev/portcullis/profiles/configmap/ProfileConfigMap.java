package dev.portcullis.profiles.configmap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A ConfigMap with profiles, as the API server has it.
///
/// @param name with its namespace, `portcullis-profiles/web`
/// @param created when it was made, by the API server's clock
/// @param directory the value of its annotation; null where it has none
/// @param files the keys of `data` and `binaryData` together: Kubernetes lets none stand in both
public record ProfileConfigMap(
    String name, Instant created, @Nullable String directory, Map<String, byte[]> files) {
  /// The label of the ConfigMaps that are for nodes; its value is `true`.
  public static final String LABEL = "portcullis.dev/seccomp-profiles";

  /// The annotation for the directory below the profile root.
  public static final String DIRECTORY = "portcullis.dev/profile-directory";

  public ProfileConfigMap {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /// One by the parts of the object.
  ///
  /// @param name with its namespace
  /// @param created its `creationTimestamp`
  /// @param binaryData in base64
  public static ProfileConfigMap of(
      String name,
      @Nullable String created,
      Map<String, String> annotations,
      Map<String, String> data,
      Map<String, String> binaryData) {
    Map<String, byte[]> files = new HashMap<>();
    data.forEach((key, text) -> files.put(key, text.getBytes(UTF_8)));
    binaryData.forEach((key, base64) -> files.put(key, decoded(base64)));
    return new ProfileConfigMap(name, instant(created), annotations.get(DIRECTORY), files);
  }

  /// The one in a request; null where it has not the label that makes it one for nodes.
  ///
  /// @param name with its namespace
  public static @Nullable ProfileConfigMap read(String name, Mapping object) {
    if (!(object.present("metadata") instanceof Mapping metadata)
        || !"true".equals(texts(metadata, "labels").get(LABEL))) {
      return null;
    }
    return of(
        name,
        metadata.present("creationTimestamp") instanceof Value.Text(_, String created)
            ? created
            : null,
        texts(metadata, "annotations"),
        texts(object, "data"),
        texts(object, "binaryData"));
  }

  private static Map<String, String> texts(Mapping object, String member) {
    Map<String, String> texts = new HashMap<>();
    if (object.present(member) instanceof Mapping entries) {
      for (String key : entries.entries().keySet()) {
        if (entries.present(key) instanceof Value.Text(_, String text)) {
          texts.put(key, text);
        }
      }
    }
    return texts;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException garbage) {
      // An API server has none. What is no profile is refused where all are looked at.
      return new byte[0];
    }
  }

  private static Instant instant(@Nullable String created) {
    try {
      return Instant.parse(String.valueOf(created));
    } catch (DateTimeParseException none) {
      return Instant.MAX;
    }
  }

  /// Bytes of all its files.
  public long size() {
    return files.values().stream().mapToLong(content -> content.length).sum();
  }
}
