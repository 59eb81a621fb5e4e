package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.StatelessWatch;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.cluster.WatchTarget;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;

/// The ends of a node's pods, reported as they come: of those that are removed, and of those whose
/// containers have all ended for good.
public final class PodEnds implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PodEnds.class.getName());

  private final StatelessWatch watch;

  /// Is notified, by another thread.
  public interface Listener {
    /// A pod has ended.
    ///
    /// @param profiles the paths of all `localhost/` profiles that it names anywhere
    void ended(Set<String> profiles);

    /// Any pod may have ended: the pods were not watched, or what it named cannot be read.
    void anyMayHaveEnded();
  }

  private PodEnds(StatelessWatch watch) {
    this.watch = watch;
  }

  /// Begins to follow them.
  public static PodEnds follow(ClusterConnection connection, String node, Listener listener) {
    return new PodEnds(
        StatelessWatch.start(
            connection,
            NodePodQuery.of(node),
            new WatchTarget("this node's pods", WatchTarget.Need.NEEDED),
            new StatelessWatch.Listener() {
              @Override
              public void begun() {
                listener.anyMayHaveEnded();
              }

              @Override
              public void removed(StoredObject pod) {
                try {
                  listener.ended(PodsOfNode.ofPod(pod.whole()));
                } catch (IOException unreadable) {
                  LOG.log(Level.WARNING, unreadable.getMessage());
                  listener.anyMayHaveEnded();
                }
              }
            }));
  }

  @Override
  public void close() {
    watch.close();
  }
}
