package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.ruling.ProvenPods;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.KubernetesObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;

/// Listed when they are asked for, which is when somebody changes a profile: by their label, so
/// that the API server sends no others.
public record ClusterProvenPods(ClusterConnection connection) implements ProvenPods {
  private static final String LABELLED =
      "labelSelector=" + URLEncoder.encode(LABEL + "=true", UTF_8);

  @Override
  public List<Mapping> all() throws IOException {
    return ObjectList.of(connection, "/api/v1/pods", LABELLED).stream()
        .map(KubernetesObject::manifest)
        .toList();
  }
}
