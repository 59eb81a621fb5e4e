package dev.portcullis.run.pod;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a volume that has the files of several sources, such as the one by which programs find the
/// API server: a token, the certificate of the server's authority, and the namespace.
final class ProjectedVolumeReader {
  /// The ConfigMap that Kubernetes puts into each namespace (`RootCACertConfigMapName` of
  /// kube-controller-manager).
  private static final String ROOT_CA = "kube-root-ca.crt";

  private static final List<String> SOURCES =
      List.of("configMap", "secret", "downwardAPI", "serviceAccountToken");

  private final VolumeFilesReader reader;
  private final Omissions omissions;
  private final ObjectIndex objects;
  private final String namespace;

  ProjectedVolumeReader(
      VolumeFilesReader reader, Omissions omissions, ObjectIndex objects, String namespace) {
    this.reader = reader;
    this.omissions = omissions;
    this.objects = objects;
    this.namespace = namespace;
  }

  Volume read(FieldReader projected, int defaultMode) {
    SupportedFields.PROJECTED.check(projected);
    Map<String, Volume.File> files = new LinkedHashMap<>();
    List<String> ofCluster = new ArrayList<>();
    for (FieldReader source : projected.objects("sources")) {
      SupportedFields.PROJECTED_SOURCE.check(source);
      List<String> present = SOURCES.stream().filter(source::has).toList();
      if (present.size() > 1) {
        source.error(
            FieldError.forbidden(
                source.field(present.get(1)), "a source has " + present.getFirst() + " already"));
        continue;
      }
      FieldReader one = present.isEmpty() ? null : source.object(present.getFirst());
      if (one == null) {
        continue;
      }
      Map<String, Volume.File> more =
          switch (present.getFirst()) {
            case "configMap" -> configMap(one, defaultMode, ofCluster);
            case "secret" -> {
              SupportedFields.PROJECTED_OBJECT.check(one);
              yield reader.ofObject(one, ObjectIndex.Kind.SECRET, "name", defaultMode);
            }
            case "downwardAPI" -> reader.ofPod(one, defaultMode);
            default -> token(one, ofCluster);
          };
      more.forEach((path, file) -> {
        if (files.put(path, file) != null) {
          one.error(FieldError.duplicate(one.field(), path));
        }
      });
    }
    if (!ofCluster.isEmpty()) {
      // One word about a volume, whatever it lacks.
      omissions.add(
          projected,
          projected.field(),
          "there is no API server, so the volume has no " + String.join(" and no ", ofCluster));
    }
    return new Volume.Files(files);
  }

  private Map<String, Volume.File> configMap(
      FieldReader source, int defaultMode, List<String> ofCluster) {
    SupportedFields.PROJECTED_OBJECT.check(source);
    if (ROOT_CA.equals(source.text("name"))
        && objects.data(ObjectIndex.Kind.CONFIG_MAP, namespace, ROOT_CA) == null) {
      ofCluster.add(ROOT_CA);
      return Map.of();
    }
    return reader.ofObject(source, ObjectIndex.Kind.CONFIG_MAP, "name", defaultMode);
  }

  private static Map<String, Volume.File> token(FieldReader source, List<String> ofCluster) {
    SupportedFields.TOKEN.check(source);
    String path = source.text("path");
    if (path == null || path.isEmpty()) {
      source.error(FieldError.required(source.field("path"), ""));
    } else if (!VolumeFilesReader.leadsOut(source.field("path"), source, path)) {
      ofCluster.add("token");
    }
    return Map.of();
  }
}
