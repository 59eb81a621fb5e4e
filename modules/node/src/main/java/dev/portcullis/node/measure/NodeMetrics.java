package dev.portcullis.node.measure;

import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.truth.ContainerFacts;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a node counts. Labels have few values, none of them chosen by a pod.
public final class NodeMetrics {
  /// The content type of {@link #page}.
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter calls =
      Counter.builder()
          .name("portcullis_cri_calls_total")
          .help("Calls of the kubelet, by method and gRPC status")
          .labelNames("method", "code")
          .register(registry);
  private final Counter created =
      Counter.builder()
          .name("portcullis_containers_created_total")
          .help("Containers created, by the origin and kind of their profile")
          .labelNames("origin", "kind")
          .register(registry);
  private final Counter refused =
      Counter.builder()
          .name("portcullis_containers_refused_total")
          .help("Containers refused because of their profile")
          .register(registry);
  private final Counter overridden =
      Counter.builder()
          .name("portcullis_annotations_overridden_total")
          .help(
              "Containers whose annotation differs from the field that the kubelet sent, which"
                  + " wins")
          .register(registry);
  private final Gauge containers =
      Gauge.builder()
          .name("portcullis_containers")
          .help("Running containers, by what the kernel reports about them")
          .labelNames("state")
          .register(registry);
  private final Gauge reachable =
      Gauge.builder()
          .name("portcullis_runtime_reachable")
          .help("1 if the runtime answered the last call, else 0")
          .register(registry);

  /// All states are there from the start: an alarm on a series that is not there never rings.
  public NodeMetrics() {
    for (ContainerFacts.State state : ContainerFacts.State.values()) {
      containers.initLabelValues(state.text());
    }
  }

  public void called(String method, String code) {
    calls.labelValues(method, code).inc();
  }

  public void created(ContainerRecord record, boolean annotationOverridden) {
    String profile = record.profile();
    created.labelValues(record.origin(), record.namesFile() ? "localhost" : profile).inc();
    if (annotationOverridden) {
      overridden.inc();
    }
  }

  public void refused() {
    refused.inc();
  }

  public void looked(List<ContainerFacts> running) {
    reachable.set(1);
    for (ContainerFacts.State state : ContainerFacts.State.values()) {
      containers
          .labelValues(state.text())
          .set((double) running.stream().filter(container -> container.state() == state).count());
    }
  }

  public void unreachable() {
    reachable.set(0);
  }

  /// All of it, in the text format.
  public String page() {
    return page(registry);
  }

  static String page(PrometheusRegistry registry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
