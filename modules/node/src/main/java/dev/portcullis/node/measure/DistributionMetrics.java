package dev.portcullis.node.measure;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What is counted of the profiles that arrive from the cluster.
public final class DistributionMetrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter written =
      Counter.builder()
          .name("portcullis_profiles_written_total")
          .help("Profiles written from ConfigMaps")
          .register(registry);
  private final Counter removed =
      Counter.builder()
          .name("portcullis_profiles_removed_total")
          .help("Profiles removed because no ConfigMap has them any more")
          .register(registry);
  private final Gauge profiles =
      Gauge.builder()
          .name("portcullis_profiles")
          .help("Usable profiles below the root")
          .register(registry);
  private final Gauge problems =
      Gauge.builder()
          .name("portcullis_profile_problems")
          .help("Problems of ConfigMaps with profiles and of files below the root")
          .register(registry);

  public void written() {
    written.inc();
  }

  public void removed() {
    removed.inc();
  }

  public void found(int usable, int wrong) {
    profiles.set(usable);
    problems.set(wrong);
  }

  /// All of it, in the text format.
  public String page() {
    return NodeMetrics.page(registry);
  }
}
