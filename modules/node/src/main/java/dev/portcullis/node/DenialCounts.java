package dev.portcullis.node;

import dev.portcullis.kernel.denial.DenialDocument;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.node.denial.DenialMonitor;
import dev.portcullis.node.denial.DeniedContainer;
import dev.portcullis.node.measure.DenialMetrics;
import org.jspecify.annotations.Nullable;

/// Counts refused and logged calls, and has them reported to the cluster.
///
/// @param events null where they are not reported to a cluster
record DenialCounts(DenialMetrics metrics, @Nullable DenialEvents events)
    implements DenialMonitor.Listener {
  @Override
  public void seen(NamedDenial<DeniedContainer> denial, long more) {
    if (denial.denial().isLogged()) {
      metrics.logged(more);
    } else {
      metrics.denied(DenialDocument.action(denial.denial().verdict().kind()), more);
    }
    if (events != null) {
      events.seen(denial);
    }
  }

  @Override
  public void incomplete(long lost, long omitted, long undecided) {
    metrics.incomplete(lost, omitted, undecided);
  }

  @Override
  public void watched(int seen, int unseen) {
    metrics.watched(seen, unseen);
  }
}
