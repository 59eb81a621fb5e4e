package dev.portcullis.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait after a try that failed: after each further one twice as long.
///
/// @param first after the first
/// @param most after any
public record Backoff(Duration first, Duration most) {

  /// The pause after this one.
  public Duration after(Duration pause) {
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(most) > 0 ? most : longer;
  }

  /// A random time from this long to twice as long, for thousands of nodes that begin to wait in
  /// the same moment.
  public static Duration spread(Duration pause) {
    return pause.plusNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()));
  }
}
