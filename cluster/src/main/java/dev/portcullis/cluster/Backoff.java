package dev.portcullis.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long a watch waits.
///
/// @param first after the first time that it could not begin; twice as long after each further one
/// @param most between two tries
/// @param look between two looks at whether it stands
record Backoff(Duration first, Duration most, Duration look) {

  /// Thousands of nodes are refused in the same moment, when somebody takes a right away.
  static Backoff usual() {
    return new Backoff(
        Duration.ofMillis(ThreadLocalRandom.current().nextInt(1_000, 3_000)),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30));
  }

  /// The pause after this one.
  Duration after(Duration pause) {
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(most) > 0 ? most : longer;
  }
}
