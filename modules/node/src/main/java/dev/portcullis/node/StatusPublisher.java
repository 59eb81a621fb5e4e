package dev.portcullis.node;

import dev.portcullis.cluster.Backoff;
import dev.portcullis.node.cluster.NodeObject;
import dev.portcullis.node.distribution.ProfileReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reports to the cluster what this node has: when that differs from the last report, and then
/// after a random time, as a change of one ConfigMap reaches all nodes at the same moment.
///
/// For one thread.
final class StatusPublisher {
  private static final Logger LOG = Logger.getLogger(StatusPublisher.class.getName());

  /// 5,000 nodes then write 250 times a second.
  private static final Duration SPREAD = Duration.ofSeconds(20);

  /// At the start, which nodes have at different times.
  private static final Duration FIRST_SPREAD = Duration.ofSeconds(2);

  /// How often the Node is looked at for other labels, and for the object that somebody deleted.
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private final NodeObject object;
  private @Nullable ProfileReport told;
  private @Nullable ProfileReport wanted;
  private long at;
  private long lookAt;
  private Duration pause = BACKOFF.first();
  private final CurrentProblem problem =
      new CurrentProblem(LOG, "cannot write this node's status to the cluster, trying again", "");

  StatusPublisher(NodeObject object) {
    this.object = object;
  }

  /// What is to be reported from now on.
  void want(ProfileReport report) {
    if (wanted == null) {
      at = System.nanoTime() + random(FIRST_SPREAD);
    } else if (!report.equals(wanted) && wanted.equals(told)) {
      at = System.nanoTime() + random(SPREAD);
    }
    wanted = report;
  }

  /// Reports it, if it is time.
  void tell() {
    ProfileReport report = wanted;
    if (report == null || System.nanoTime() - at < 0) {
      return;
    }
    boolean look = told != null && System.nanoTime() - lookAt >= 0;
    if (report.equals(told) && !look) {
      return;
    }
    try {
      if (!report.equals(told) || object.outdated()) {
        object.write(report.status(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
      }
      told = report;
      lookAt = System.nanoTime() + BETWEEN_LOOKS.toNanos() + random(BETWEEN_LOOKS.dividedBy(4));
      pause = BACKOFF.first();
      problem.clear();
    } catch (IOException failed) {
      problem.is(String.valueOf(failed.getMessage()));
      at = System.nanoTime() + Backoff.spread(pause).toNanos();
      lookAt = at;
      pause = BACKOFF.after(pause);
    }
  }

  private static long random(Duration most) {
    return ThreadLocalRandom.current().nextLong(most.toNanos());
  }
}
