package dev.portcullis.node;

import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A connection to the cluster that is opened when it is first needed: an agent starts without its
/// API server. Threads may share it.
final class LazyConnection implements AutoCloseable {
  private final @Nullable Path kubeconfig;
  private @Nullable ClusterConnection open;
  private boolean closed;

  /// @param kubeconfig as of [DistributionOptions]
  LazyConnection(@Nullable Path kubeconfig) {
    this.kubeconfig = kubeconfig;
  }

  /// Opens it, or gives the one that is open.
  ///
  /// @throws IOException where the kubeconfig cannot be read, or this is closed
  synchronized ClusterConnection get() throws IOException {
    if (closed) {
      throw new IOException("the agent is ending");
    }
    ClusterConnection connection = open;
    if (connection == null) {
      connection = ClusterConnection.open(kubeconfig);
      open = connection;
    }
    return connection;
  }

  /// From then on none is opened, so that a task under way leaves none behind.
  @Override
  public synchronized void close() {
    closed = true;
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
