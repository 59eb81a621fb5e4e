package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.ObjectNames;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the volumes of a pod.
final class VolumeReader {
  /// What Kubernetes gives the files of a ConfigMap or Secret that says nothing.
  private static final int DEFAULT_MODE = 0644;

  private final ObjectIndex objects;
  private final String namespace;

  VolumeReader(ObjectIndex objects, String namespace) {
    this.objects = objects;
    this.namespace = namespace;
  }

  /// The volumes by their names.
  Map<String, Volume> read(FieldReader spec) {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    for (FieldReader volume : spec.objects("volumes")) {
      SupportedFields.VOLUME.check(volume);
      String name = volume.text("name");
      if (name == null || name.isEmpty()) {
        volume.error(FieldError.required(volume.field("name"), ""));
        continue;
      }
      // Its directory has this name.
      if (!ObjectNames.isLabel(name)) {
        volume.error(FieldError.invalid(volume.field("name"), name, ObjectNames.LABEL));
        continue;
      }
      Volume read = volume(volume);
      if (read != null && volumes.put(name, read) != null) {
        volume.error(FieldError.duplicate(volume.field("name"), name));
      }
    }
    return volumes;
  }

  private @Nullable Volume volume(FieldReader volume) {
    List<String> sources =
        List.of("emptyDir", "hostPath", "configMap", "secret").stream()
            .filter(volume::has)
            .toList();
    if (sources.size() > 1) {
      volume.error(
          FieldError.forbidden(
              volume.field(sources.get(1)),
              "a volume must have one source, and this one has "
                  + sources.getFirst()
                  + " already"));
      return null;
    }
    FieldReader source = sources.isEmpty() ? null : volume.object(sources.getFirst());
    if (source == null) {
      // As in Kubernetes, a volume without a source is an empty directory. One with a source that
      // is not supported has its error already.
      return new Volume.EmptyDirectory(false);
    }
    return switch (sources.getFirst()) {
      case "emptyDir" -> emptyDirectory(source);
      case "hostPath" -> hostPath(source);
      case "configMap" -> files(source, ObjectIndex.Kind.CONFIG_MAP, "name");
      default -> files(source, ObjectIndex.Kind.SECRET, "secretName");
    };
  }

  private static @Nullable Volume emptyDirectory(FieldReader source) {
    SupportedFields.EMPTY_DIR.check(source);
    String medium = source.text("medium");
    return switch (medium == null ? "" : medium) {
      case "" -> new Volume.EmptyDirectory(false);
      case "Memory" -> new Volume.EmptyDirectory(true);
      default -> {
        source.error(
            FieldError.notSupported(
                source.field("medium"), medium == null ? "" : medium, List.of("", "Memory")));
        yield null;
      }
    };
  }

  private static @Nullable Volume hostPath(FieldReader source) {
    SupportedFields.HOST_PATH.check(source);
    String path = source.text("path");
    if (path == null || path.isEmpty()) {
      source.error(FieldError.required(source.field("path"), ""));
      return null;
    }
    if (!path.startsWith("/") || ("/" + path + "/").contains("/../") || path.contains("\0")) {
      source.error(
          FieldError.invalid(source.field("path"), path, "must be an absolute path without '..'"));
      return null;
    }
    String type = source.text("type");
    for (Volume.HostPathType known : Volume.HostPathType.values()) {
      if (known.text().equals(type == null ? "" : type)) {
        return new Volume.HostPath(path, known);
      }
    }
    source.error(
        FieldError.notSupported(
            source.field("type"),
            type == null ? "" : type,
            Arrays.stream(Volume.HostPathType.values()).map(Volume.HostPathType::text).toList()));
    return null;
  }

  private @Nullable Volume files(FieldReader source, ObjectIndex.Kind kind, String nameKey) {
    (kind == ObjectIndex.Kind.SECRET ? SupportedFields.SECRET : SupportedFields.CONFIG_MAP)
        .check(source);
    String name = source.text(nameKey);
    boolean optional = Boolean.TRUE.equals(source.truth("optional"));
    Integer defaultMode = mode(source, "defaultMode", DEFAULT_MODE);
    if (name == null || name.isEmpty()) {
      source.error(FieldError.required(source.field(nameKey), ""));
      return null;
    }
    Map<String, byte[]> data = objects.data(kind, namespace, name);
    if (data == null && !optional) {
      source.error(missing(source, nameKey, kind, namespace, name));
      return null;
    }
    if (data == null || defaultMode == null) {
      return new Volume.Files(Map.of());
    }
    Map<String, Volume.File> files = new LinkedHashMap<>();
    if (source.has("items")) {
      for (FieldReader item : source.objects("items")) {
        item(item, data, optional, defaultMode, files);
      }
    } else {
      data.forEach((key, content) -> files.put(key, new Volume.File(content, defaultMode)));
    }
    for (String path : files.keySet()) {
      if (path.startsWith("/") || ("/" + path + "/").contains("/../") || path.contains("\0")) {
        source.error(
            FieldError.invalid(
                new FieldPath(source.path(), source.at("items")),
                path,
                "a file must stay in its volume"));
        return null;
      }
    }
    return new Volume.Files(files);
  }

  private static void item(
      FieldReader item,
      Map<String, byte[]> data,
      boolean optional,
      int defaultMode,
      Map<String, Volume.File> files) {
    SupportedFields.ITEM.check(item);
    String key = item.text("key");
    String path = item.text("path");
    Integer mode = mode(item, "mode", defaultMode);
    if (key == null || path == null || path.isEmpty() || mode == null) {
      item.error(FieldError.required(item.field(), "a key and a path"));
      return;
    }
    byte[] content = data.get(key);
    if (content != null) {
      files.put(path, new Volume.File(content, mode));
    } else if (!optional) {
      item.error(FieldError.invalid(item.field("key"), key, "the object has no such key"));
    }
  }

  static FieldError missing(
      FieldReader source, String key, ObjectIndex.Kind kind, String namespace, String name) {
    return FieldError.invalid(
        source.field(key),
        name,
        "there is no "
            + kind.text()
            + " of this name in namespace \""
            + namespace
            + "\" among the given files; add its file to the command");
  }

  private static @Nullable Integer mode(FieldReader object, String key, int otherwise) {
    Long mode = object.integer(key);
    if (mode == null) {
      return otherwise;
    }
    if (mode < 0 || mode > 0777) {
      object.error(
          FieldError.invalid(object.field(key), mode.toString(), "must be from 0 to 0777"));
      return null;
    }
    return mode.intValue();
  }
}
