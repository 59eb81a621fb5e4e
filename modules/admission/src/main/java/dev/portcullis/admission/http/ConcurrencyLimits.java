package dev.portcullis.admission.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The bounds on what is worked on at once, in order of arrival.
final class ConcurrencyLimits {
  /// A body above this is a rare one (most pods are below 10 KiB), and costs memory: what is read
  /// of it, and a tree many times its size. Below it, memory is bounded by the connections.
  static final int LARGE = 32 * 1024;

  /// For all that is read of all bodies at once, in KiB: a quarter of the heap that the image has.
  private static final int MEMORY = 16 * 1024;

  /// Longer than one with 32 KiB of body waits: an API server waits five seconds for an answer.
  private static final int MORE_PATIENCE = 3;

  private final Semaphore counted;
  private final Semaphore memory = new Semaphore(MEMORY, true);
  private final LargeTurns large;
  private final long patience;

  ConcurrencyLimits(int counted, Duration patience) {
    this.counted = new Semaphore(counted, true);
    this.large = new LargeTurns(patience.multipliedBy(MORE_PATIENCE));
    this.patience = patience.toNanos();
  }

  /// Whether it is now this request's turn; [#left] must follow then.
  ///
  /// @param footprint of its body, by [Footprint]; one that takes more than there is gets all of
  ///   it, as the handler bounds what it reads
  boolean entered(int footprint) throws InterruptedException {
    if (!counted.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
      return false;
    }
    boolean fits = false;
    try {
      fits = memory.tryAcquire(bounded(footprint), MORE_PATIENCE * patience, TimeUnit.NANOSECONDS);
      return fits;
    } finally {
      if (!fits) {
        counted.release();
      }
    }
  }

  void left(int footprint) {
    memory.release(bounded(footprint));
    counted.release();
  }

  private static int bounded(int footprint) {
    return Math.min(MEMORY, footprint);
  }

  /// Those of large bodies.
  LargeTurns large() {
    return large;
  }
}
