package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import java.util.List;

/// The webhook's own configurations, watched: one that was written anew by somebody else has no
/// `caBundle` any more, and no pod is created until it has.
///
/// @param watches of both kinds
public record ConfigurationWatch(List<ObjectWatch> watches) implements AutoCloseable {

  /// Begins to watch.
  ///
  /// @param changed called after every change, by another thread
  public static ConfigurationWatch start(ClusterConnection connection, Runnable changed) {
    return new ConfigurationWatch(
        List.of(
            watch(connection, CaBundles.MUTATING, "MutatingWebhookConfiguration", changed),
            watch(connection, CaBundles.VALIDATING, "ValidatingWebhookConfiguration", changed)));
  }

  private static ObjectWatch watch(
      ClusterConnection connection, ApiCollection all, String kind, Runnable changed) {
    return ObjectWatch.start(
        connection,
        all.withFields("metadata.name=" + CaBundles.NAME),
        new WatchTarget(kind + " \"" + CaBundles.NAME + "\"", WatchTarget.Need.NEEDED),
        WatchPace.ofReplicas(),
        ObjectWatch.PAGE,
        _ -> changed.run(),
        _ -> changed.run());
  }

  @Override
  public void close() {
    watches.forEach(ObjectWatch::close);
  }
}
