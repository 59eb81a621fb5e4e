package dev.portcullis.admission.cluster;

import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.Namespaces;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.Watched;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The labels of the cluster's namespaces by which they have a mode of their own.
public final class ClusterNamespaces implements Namespaces, AutoCloseable {
  /// Stands for a namespace without the label: the map takes no null.
  private static final String NONE = "";

  private final ClusterConnection connection;
  private final ConcurrentMap<String, String> labels = new ConcurrentHashMap<>();
  private final ObjectWatch watch;

  private ClusterNamespaces(ClusterConnection connection) {
    this.connection = connection;
    this.watch =
        ObjectWatch.start(
            connection.client().namespaces(),
            new Watched("namespaces", Watched.Need.NEEDED),
            ObjectWatch.PAGE,
            Namespace::new,
            this::changed,
            labels::remove);
  }

  /// Begins to follow the namespaces.
  public static ClusterNamespaces follow(ClusterConnection connection) {
    return new ClusterNamespaces(connection);
  }

  /// Whether the first list is in.
  public boolean synced() {
    return watch.synced();
  }

  @Override
  public @Nullable String modeLabel(String namespace) throws IOException {
    String label = labels.get(namespace);
    if (label == null) {
      // Newer than the last word of the watch: a pod can come right behind its namespace.
      label = fetched(namespace);
    }
    return label.equals(NONE) ? null : label;
  }

  private String fetched(String namespace) throws IOException {
    try {
      Namespace found = connection.client().namespaces().withName(namespace).get();
      return found == null ? NONE : label(found);
    } catch (KubernetesClientException failed) {
      throw connection.failure("GET namespace \"" + namespace + "\"", failed);
    }
  }

  private void changed(Namespace namespace) {
    labels.put(namespace.getMetadata().getName(), label(namespace));
  }

  private static String label(Namespace namespace) {
    var all = namespace.getMetadata().getLabels();
    String label = all == null ? null : all.get(Mode.LABEL);
    // An empty value is a slip of the pen, not an absent label.
    return label == null ? NONE : label.isEmpty() ? " " : label;
  }

  @Override
  public void close() {
    watch.close();
  }
}
