package dev.portcullis.node;

import dev.portcullis.node.denial.DenialFile;
import dev.portcullis.node.denial.DenialMonitor;
import dev.portcullis.node.measure.DenialMetrics;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.seccomp.profile.Architecture;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Refused and logged calls of the containers: in a file, in metrics and, where there is a cluster,
/// in Events.
final class DenialFeature implements NodeFeature {
  private final DenialMetrics metrics = new DenialMetrics();
  private final @Nullable DenialEvents events;
  private final DenialMonitor monitor;

  /// @param file of the calls
  /// @param cluster null for no Events
  DenialFeature(Architecture machine, Path file, @Nullable DistributionOptions cluster) {
    events = cluster == null ? null : new DenialEvents(cluster);
    monitor = new DenialMonitor(machine, new DenialFile(file), new DenialCounts(metrics, events));
  }

  /// Why no container is watched now; empty where they are.
  String problem() {
    return monitor.problem();
  }

  @Override
  public void begin() {
    monitor.begin();
  }

  @Override
  public void looked(NodeInspector.Look look) {
    monitor.running(look.running());
  }

  @Override
  public boolean followsStarts() {
    return true;
  }

  @Override
  public String metrics() {
    return metrics.page();
  }

  @Override
  public void close() {
    monitor.close();
    if (events != null) {
      events.close();
    }
  }
}
