package dev.portcullis.admission.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The bounds on what is worked on at once, in order of arrival.
final class Turns {
  /// A body above this is a rare one (most pods are below 10 KiB), and costs memory: what is read
  /// of it, and a tree many times its size. Below it, memory is bounded by the connections.
  static final int LARGE = 32 * 1024;

  private final Semaphore counted;
  private final LargeTurns large;
  private final long patience;

  Turns(int counted, Duration patience) {
    this.counted = new Semaphore(counted, true);
    this.large = new LargeTurns(patience);
    this.patience = patience.toNanos();
  }

  /// Whether it is now this request's turn; [#left] must follow then.
  boolean entered() throws InterruptedException {
    return counted.tryAcquire(patience, TimeUnit.NANOSECONDS);
  }

  void left() {
    counted.release();
  }

  /// Those of large bodies.
  LargeTurns large() {
    return large;
  }
}
