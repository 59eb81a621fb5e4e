package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.util.List;
import java.util.function.Supplier;

/// The webhook's own configurations, watched: one that was written anew by somebody else has no
/// `caBundle` any more, and no pod is created until it has.
///
/// @param watches of both kinds
public record ConfigurationWatch(List<ObjectWatch> watches) implements AutoCloseable {

  /// Begins to watch.
  ///
  /// @param changed called after every change, by another thread
  public static ConfigurationWatch start(ClusterConnection connection, Runnable changed) {
    var api = connection.client().admissionRegistration().v1();
    return new ConfigurationWatch(
        List.of(
            watch(
                api.mutatingWebhookConfigurations().withField("metadata.name", CaBundles.NAME),
                "MutatingWebhookConfiguration",
                MutatingWebhookConfiguration::new,
                changed),
            watch(
                api.validatingWebhookConfigurations().withField("metadata.name", CaBundles.NAME),
                "ValidatingWebhookConfiguration",
                ValidatingWebhookConfiguration::new,
                changed)));
  }

  private static <T extends HasMetadata> ObjectWatch watch(
      FilterWatchListDeletable<T, ?, ?> ours, String kind, Supplier<T> empty, Runnable changed) {
    return ObjectWatch.start(
        ours,
        new WatchTarget(kind + " \"" + CaBundles.NAME + "\"", WatchTarget.Need.NEEDED),
        WatchPace.ofReplicas(),
        ObjectWatch.PAGE,
        empty,
        _ -> changed.run(),
        _ -> changed.run());
  }

  @Override
  public void close() {
    watches.forEach(ObjectWatch::close);
  }
}
