package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.ObjectNames;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the volumes of a pod.
final class VolumeReader {
  /// The mode that Kubernetes gives the files of a volume that states none.
  private static final int DEFAULT_MODE = 0644;

  private final VolumeFilesReader files;
  private final ProjectedVolumeReader projected;
  private final Omissions omissions;
  private final boolean emptyClaims;

  private final Map<String, Volume> volumes = new LinkedHashMap<>();
  private final Set<String> names = new LinkedHashSet<>();

  /// @param emptyClaims whether a volume of a claim is an empty directory
  VolumeReader(ObjectIndex objects, PodFields pod, Omissions omissions, boolean emptyClaims) {
    this.files = new VolumeFilesReader(objects, pod, omissions);
    this.projected = new ProjectedVolumeReader(files, omissions, objects, pod.pod().namespace());
    this.omissions = omissions;
    this.emptyClaims = emptyClaims;
  }

  /// The volumes that were read, by their names.
  Map<String, Volume> volumes() {
    return volumes;
  }

  /// The names of all volumes, of those with errors, too.
  Set<String> names() {
    return names;
  }

  /// Reads those of a pod.
  void read(FieldReader spec) {
    for (FieldReader volume : spec.objects("volumes")) {
      SupportedFields.VOLUME.check(volume);
      String name = usableName(volume);
      if (name != null) {
        if (!names.add(name)) {
          volume.error(FieldError.duplicate(volume.field("name"), name));
        }
        put(name, volume(volume));
      }
    }
  }

  /// Reads those that a StatefulSet makes for each of its pods; they replace others of that name.
  void readClaimTemplates(FieldReader statefulSet) {
    for (FieldReader template : statefulSet.objects("volumeClaimTemplates")) {
      FieldReader metadata = template.object("metadata");
      String name = usableName(metadata == null ? template : metadata);
      if (name != null) {
        names.add(name);
        put(name, claim(template, ""));
      }
    }
  }

  private void put(String name, @Nullable Volume volume) {
    if (volume != null) {
      volumes.put(name, volume);
    }
  }

  private static @Nullable String usableName(FieldReader named) {
    String name = named.text("name");
    if (name == null || name.isEmpty()) {
      named.error(FieldError.required(named.field("name"), ""));
      return null;
    }
    // Its directory has this name.
    if (!ObjectNames.isLabel(name)) {
      named.error(FieldError.invalid(named.field("name"), name, ObjectNames.LABEL));
      return null;
    }
    return name;
  }

  private @Nullable Volume volume(FieldReader volume) {
    List<String> sources = SupportedFields.VOLUME_SOURCES.stream().filter(volume::has).toList();
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
      case "persistentVolumeClaim", "ephemeral" -> claim(volume, sources.getFirst());
      default -> ofFiles(source, sources.getFirst());
    };
  }

  private @Nullable Volume claim(FieldReader holder, String key) {
    if (emptyClaims) {
      return new Volume.EmptyDirectory(false);
    }
    holder.error(
        FieldError.notImplemented(
            key.isEmpty() ? holder.field() : holder.field(key),
            Omissions.UNSUPPORTED
                + ": it has no persistent volumes. Add --pvc-as-emptydir to mount an empty"
                + " directory in its place"));
    return null;
  }

  private @Nullable Volume emptyDirectory(FieldReader source) {
    SupportedFields.EMPTY_DIR.check(source, omissions);
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

  private @Nullable Volume ofFiles(FieldReader source, String kind) {
    Integer mode = VolumeFilesReader.mode(source, "defaultMode", DEFAULT_MODE);
    if (mode == null) {
      return null;
    }
    return switch (kind) {
      case "configMap" -> {
        SupportedFields.CONFIG_MAP.check(source);
        yield new Volume.Files(files.ofObject(source, ObjectIndex.Kind.CONFIG_MAP, "name", mode));
      }
      case "secret" -> {
        SupportedFields.SECRET.check(source);
        yield new Volume.Files(files.ofObject(source, ObjectIndex.Kind.SECRET, "secretName", mode));
      }
      case "downwardAPI" -> new Volume.Files(files.ofPod(source, mode));
      default -> projected.read(source, mode);
    };
  }
}
