package dev.portcullis.run.pod;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the files of a volume that Kubernetes makes of other objects, or of the pod.
final class VolumeFilesReader {
  private final ObjectIndex objects;
  private final PodFields pod;
  private final Omissions omissions;

  VolumeFilesReader(ObjectIndex objects, PodFields pod, Omissions omissions) {
    this.objects = objects;
    this.pod = pod;
    this.omissions = omissions;
  }

  /// The files of a ConfigMap or a Secret, by their path in the volume; none where it is wrong.
  ///
  /// @param nameKey the field that names the object
  Map<String, Volume.File> ofObject(
      FieldReader source, ObjectIndex.Kind kind, String nameKey, int defaultMode) {
    Map<String, Volume.File> files = new LinkedHashMap<>();
    String name = source.text(nameKey);
    boolean optional = Boolean.TRUE.equals(source.truth("optional"));
    if (name == null || name.isEmpty()) {
      source.error(FieldError.required(source.field(nameKey), ""));
      return files;
    }
    Map<String, byte[]> data = objects.data(kind, pod.pod().namespace(), name);
    if (data == null) {
      if (!optional) {
        source.error(missing(source, nameKey, kind, pod.pod().namespace(), name));
      }
      return files;
    }
    if (source.has("items")) {
      for (FieldReader item : source.objects("items")) {
        item(item, data, optional, defaultMode, files);
      }
    } else {
      data.forEach((key, content) -> files.put(key, new Volume.File(content, defaultMode)));
    }
    files.keySet().removeIf(path -> leadsOut(source.field("items"), source, path));
    return files;
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

  /// Files about the pod, by their path in the volume.
  Map<String, Volume.File> ofPod(FieldReader source, int defaultMode) {
    SupportedFields.DOWNWARD_API.check(source);
    Map<String, Volume.File> files = new LinkedHashMap<>();
    for (FieldReader item : source.objects("items")) {
      SupportedFields.DOWNWARD_FILE.check(item, omissions);
      String path = item.text("path");
      Integer mode = mode(item, "mode", defaultMode);
      FieldReader field = item.object("fieldRef");
      if (path == null || path.isEmpty()) {
        item.error(FieldError.required(item.field("path"), ""));
      } else if (!leadsOut(item.field("path"), item, path) && field != null && mode != null) {
        String content = content(field);
        if (content != null) {
          files.put(path, new Volume.File(content.getBytes(UTF_8), mode));
        }
      }
    }
    return files;
  }

  private @Nullable String content(FieldReader field) {
    String path = field.text("fieldPath");
    String content = path == null ? null : pod.content(path);
    if (content == null) {
      field.error(
          FieldError.invalid(
              field.field("fieldPath"),
              path == null ? "" : path,
              "must be metadata.labels, metadata.annotations, " + PodFields.KNOWN));
    }
    return content;
  }

  /// Notes a path by which a file would lie outside of its volume.
  static boolean leadsOut(FieldPath field, FieldReader context, String path) {
    if (path.startsWith("/") || ("/" + path + "/").contains("/../") || path.contains("\0")) {
      context.error(FieldError.invalid(field, path, "a file must stay in its volume"));
      return true;
    }
    return false;
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

  /// The permission bits of files; null where they are wrong.
  static @Nullable Integer mode(FieldReader object, String key, int otherwise) {
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
