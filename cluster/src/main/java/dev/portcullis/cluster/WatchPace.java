package dev.portcullis.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long a watch waits.
///
/// @param backoff after each time that it could not begin
/// @param look between two looks at whether it stands
record WatchPace(Backoff backoff, Duration look) {

  /// Thousands of nodes are refused in the same moment, when somebody takes a right away.
  static WatchPace usual() {
    return new WatchPace(
        new Backoff(
            Duration.ofMillis(ThreadLocalRandom.current().nextInt(1_000, 3_000)),
            Duration.ofMinutes(1)),
        Duration.ofSeconds(30));
  }
}
