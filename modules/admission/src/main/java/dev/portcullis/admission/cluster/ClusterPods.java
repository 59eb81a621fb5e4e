package dev.portcullis.admission.cluster;

import dev.portcullis.admission.ruling.PodLookup;
import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import java.io.IOException;

/// Pods, fetched one at a time.
public record ClusterPods(ClusterConnection connection) implements PodLookup {

  @Override
  public Mapping pod(String namespace, String name) throws IOException {
    String path = ApiCollection.of("/api/v1", namespace, "pods").item(name);
    Mapping pod = connection.get(path, "GET " + path);
    if (pod == null) {
      throw new IOException("there is no pod \"" + name + "\" in namespace \"" + namespace + "\"");
    }
    return pod;
  }
}
