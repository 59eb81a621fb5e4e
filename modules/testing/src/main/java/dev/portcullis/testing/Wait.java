package dev.portcullis.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for a condition that another thread or process fulfils before long.
///
/// The limit is far above what a slow machine takes: a test that passes never reaches it.
public final class Wait {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = 5_000_000;

  private Wait() {}

  /// Looks until a condition holds.
  ///
  /// @param what the condition in words, for the message
  /// @throws AssertionError if it does not hold within two minutes
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
