package dev.portcullis.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long a watch waits.
///
/// @param backoff after each time that it could not begin
/// @param look between two looks at whether it stands; where it does not, and the API server does
///   not answer, until the API server is asked again
public record WatchPace(Backoff backoff, Backoff look) {

  /// For the replicas of a Deployment: what they do not know keeps pods waiting, and they are few.
  public static WatchPace ofReplicas() {
    return usual(Duration.ofSeconds(2));
  }

  /// For nodes: thousands of them look for an API server that is away.
  public static WatchPace ofNodes() {
    return usual(Duration.ofSeconds(30));
  }

  /// Thousands of nodes are refused in the same moment, when somebody takes a right away.
  private static WatchPace usual(Duration longestLook) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new WatchPace(
        new Backoff(Duration.ofMillis(random.nextInt(1_000, 3_000)), Duration.ofMinutes(1)),
        new Backoff(Duration.ofMillis(random.nextInt(1_000, 2_000)), longestLook));
  }
}
