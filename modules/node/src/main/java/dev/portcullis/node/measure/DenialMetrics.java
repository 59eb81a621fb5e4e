package dev.portcullis.node.measure;

import dev.portcullis.kernel.denial.DenialDocument;
import dev.portcullis.seccomp.bpf.Kind;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What is counted of the calls that filters refuse to containers, or log. Which call, of which
/// pod, is chosen by pods, and so is no label.
public final class DenialMetrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter denied =
      Counter.builder()
          .name("portcullis_denied_calls_total")
          .help("System calls that filters refused to containers, by what the filter did")
          .labelNames("action")
          .register(registry);
  private final Counter logged =
      Counter.builder()
          .name("portcullis_logged_calls_total")
          .help(
              "System calls of containers that filters let go on and log, as profiles that"
                  + " complain do; of each call of a container 10,000 at the most")
          .register(registry);
  private final Counter lost =
      Counter.builder()
          .name("portcullis_denial_events_lost_total")
          .help("Events of system calls that the kernel had no room for, at least")
          .register(registry);
  private final Counter omitted =
      Counter.builder()
          .name("portcullis_denials_omitted_total")
          .help(
              "Refused or logged system calls of containers that are in no count: of too many kinds, or"
                  + " of processes that ended before their container was known")
          .register(registry);
  private final Counter undecided =
      Counter.builder()
          .name("portcullis_denials_undecided_total")
          .help("System calls of containers that failed as if refused, and are in no count")
          .register(registry);
  private final Gauge watched =
      Gauge.builder()
          .name("portcullis_denials_watched")
          .help("Running containers, by whether their refused calls are seen")
          .labelNames("seen")
          .register(registry);

  /// All series are there from the start.
  public DenialMetrics() {
    for (Kind kind : Kind.values()) {
      if (!kind.passes()) {
        denied.initLabelValues(DenialDocument.action(kind));
      }
    }
    watched(0, 0);
  }

  public void denied(String action, long more) {
    denied.labelValues(action).inc((double) more);
  }

  public void logged(long more) {
    logged.inc((double) more);
  }

  /// So many more are in no count.
  public void incomplete(long ofLost, long ofOmitted, long ofUndecided) {
    lost.inc((double) ofLost);
    omitted.inc((double) ofOmitted);
    undecided.inc((double) ofUndecided);
  }

  public void watched(int seen, int unseen) {
    watched.labelValues("true").set(seen);
    watched.labelValues("false").set(unseen);
  }

  /// All of it, in the text format.
  public String page() {
    return NodeMetrics.page(registry);
  }
}
