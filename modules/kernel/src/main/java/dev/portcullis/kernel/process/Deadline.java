package dev.portcullis.kernel.process;

import java.time.Duration;

/// Until when another process may hold somebody up.
///
/// @param nanos by `System.nanoTime`
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - nanos >= 0;
  }
}
