package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.admission.ruling.PodLookup;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.net.URLEncoder;

/// Pods, fetched one at a time.
public record ClusterPods(ClusterConnection connection) implements PodLookup {

  @Override
  public Mapping pod(String namespace, String name) throws IOException {
    String path = "/api/v1/namespaces/" + step(namespace) + "/pods/" + step(name);
    String text = connection.get(path);
    if (text == null) {
      throw new IOException("there is no pod \"" + name + "\" in namespace \"" + namespace + "\"");
    }
    return ObjectText.read(text, "pod \"" + name + "\"");
  }

  private static String step(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
