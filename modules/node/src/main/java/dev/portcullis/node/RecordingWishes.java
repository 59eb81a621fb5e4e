package dev.portcullis.node;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.cluster.PodWishes;
import dev.portcullis.node.recording.RecordingMonitor;
import dev.portcullis.pods.spec.SeccompKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Informs the recordings which pods of the node ask for one, as soon as the API server knows.
/// Without it, kubelets still report that when they make a container.
final class RecordingWishes implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RecordingWishes.class.getName());
  private static final Duration RECONNECTING = Duration.ofSeconds(10);

  private final DistributionOptions options;
  private final RecordingMonitor recordings;
  private final Runnable look;
  private final ScheduledThreadPoolExecutor connecting;
  private final CurrentProblem problem =
      new CurrentProblem(
          LOG,
          "cannot watch this node's pods, trying again; until then only containers that are made"
              + " with the annotation "
              + SeccompKeys.RECORD
              + " are recorded",
          "");
  private @Nullable ClusterConnection connection;
  private @Nullable PodWishes watch;
  private boolean closed;

  /// @param look looks for containers that run already
  RecordingWishes(DistributionOptions options, RecordingMonitor recordings, Runnable look) {
    this.options = options;
    this.recordings = recordings;
    this.look = look;
    connecting =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("pod wishes").factory());
    connecting.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins. The API server need not be there, nor the credentials for it.
  void begin() {
    connecting.execute(this::connect);
  }

  private void connect() {
    try {
      ClusterConnection open = ClusterConnection.openForMetadata(options.kubeconfig());
      try {
        keep(open, PodWishes.follow(open, options.nodeName(), new Told()));
      } catch (RuntimeException unusable) {
        open.close();
        throw unusable;
      }
      var _ = problem.clear();
    } catch (IOException | RuntimeException failed) {
      // The client throws what it likes about credentials; a task that throws is not begun again.
      problem.is(String.valueOf(failed.getMessage()));
      var _ = connecting.schedule(this::connect, RECONNECTING.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Where this is closed meanwhile, nothing else would close them.
  private synchronized void keep(ClusterConnection open, PodWishes begun) {
    if (closed) {
      begun.close();
      open.close();
    } else {
      connection = open;
      watch = begun;
    }
  }

  private final class Told implements PodWishes.Listener {
    @Override
    public void wished(PodWish wish) {
      recordings.wished(wish, look);
    }

    @Override
    public void gone(PodWish last) {
      recordings.forget(last);
    }
  }

  @Override
  public synchronized void close() {
    connecting.shutdownNow();
    closed = true;
    PodWishes now = watch;
    ClusterConnection open = connection;
    if (now != null) {
      now.close();
    }
    if (open != null) {
      open.close();
    }
  }
}
