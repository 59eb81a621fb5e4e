package dev.portcullis.node;

import dev.portcullis.node.cluster.ProposalWriter;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes what was recorded into the cluster, for people who read it there. What cannot be written
/// is tried again; the files on the node have it as well.
final class ProposalPublisher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProposalPublisher.class.getName());

  /// That wait to be written: as many as there are files.
  private static final int MOST_WAITING = 200;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(15);

  private final DistributionOptions options;
  private final String namespace;
  private final Deque<Proposal> waiting = new ArrayDeque<>();
  private final CurrentProblem problem =
      new CurrentProblem(LOG, "cannot write recordings into the cluster, only files", "");
  private final ScheduledThreadPoolExecutor writing;
  private final LazyConnection connection;

  /// @param options by which the cluster is reached
  /// @param namespace of the ConfigMaps
  ProposalPublisher(DistributionOptions options, String namespace) {
    this.options = options;
    this.namespace = namespace;
    connection = new LazyConnection(options.kubeconfig());
    writing =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("proposals").factory());
    writing.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var _ =
        writing.scheduleWithFixedDelay(
            this::write, 0, BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
  }

  void publish(Proposal proposal) {
    synchronized (waiting) {
      if (waiting.size() >= MOST_WAITING) {
        LOG.warning("a recording of the oldest that wait for the cluster is only a file");
        waiting.removeFirst();
      }
      waiting.addLast(proposal);
    }
    writing.execute(this::write);
  }

  private @Nullable Proposal next() {
    synchronized (waiting) {
      return waiting.peekFirst();
    }
  }

  /// Where there is no room for one more, those that are there already can still be written.
  private void letOthersGoFirst(@Nullable Proposal failed) {
    synchronized (waiting) {
      if (failed != null && waiting.remove(failed)) {
        waiting.addLast(failed);
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a schedule forgets a task that throws
  private void write() {
    Proposal next = next();
    try {
      for (; next != null; next = next()) {
        String name =
            new ProposalWriter(connection.get(), namespace, options.nodeName()).write(next);
        var _ = problem.clear();
        LOG.log(
            Level.INFO,
            "what was recorded of container \"{0}\" of pod {1} is in ConfigMap {2}",
            new Object[] {
              next.container(), next.namespace() + "/" + next.pod(), namespace + "/" + name
            });
        synchronized (waiting) {
          boolean _ = waiting.remove(next);
        }
      }
    } catch (IOException e) {
      problem.is(String.valueOf(e.getMessage()));
      letOthersGoFirst(next);
    } catch (RuntimeException bug) {
      LOG.log(Level.SEVERE, "a bug in Portcullis", bug);
      letOthersGoFirst(next);
    }
  }

  @Override
  public void close() {
    writing.shutdownNow();
    connection.close();
  }
}
