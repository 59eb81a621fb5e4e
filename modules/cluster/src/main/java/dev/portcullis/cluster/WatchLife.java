package dev.portcullis.cluster;

import java.time.Duration;

/// How long one watch is to last, and how long it may report nothing.
///
/// A connection that a network has dropped silently looks like one on which nothing happens. So the
/// server is told to end each watch after a time (`timeoutSeconds`): one that has not ended a while
/// later is dead. And where a server sends bookmarks, which it does once a minute, one that sends
/// none for three is dead, too: a new one costs little where that was wrong.
///
/// @param most after which the server ends it
/// @param grace how much later it counts as dead
/// @param silence after which it counts as dead where bookmarks come
record WatchLife(Duration most, Duration grace, Duration silence) {

  /// Of one that goes on where the last one ended, which costs nothing: five to ten minutes, by
  /// chance, so that thousands do not end in one moment.
  static WatchLife ofResumed() {
    return ofMinutes(5);
  }

  /// Of one that begins with all that is there: as long as API servers let one last that do not
  /// hear of another time.
  static WatchLife ofStateless() {
    return ofMinutes(30);
  }

  private static WatchLife ofMinutes(int least) {
    return new WatchLife(
        Backoff.spread(Duration.ofMinutes(least)), Duration.ofSeconds(30), Duration.ofMinutes(3));
  }
}
