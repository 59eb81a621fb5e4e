package dev.portcullis.kernel.denial;

import java.time.Duration;
import java.time.Instant;

/// How often a call was refused, or logged, and when last. A loop makes a hundred thousand a
/// second, so that one more makes no object.
///
/// @param <S> whose calls they are
final class DenialCount<S> {
  private final Denial<S> first;
  private long count = 1;
  private long last;
  private Instant now;
  private long nanos;

  /// @param first the first of them
  DenialCount(Denial<S> first) {
    this.first = first;
    now = first.first();
  }

  /// One more.
  ///
  /// @param at when, by `System.nanoTime`
  /// @param now the time of day at `nanos`, by the same clock
  void again(long at, Instant now, long nanos) {
    count++;
    last = at;
    this.now = now;
    this.nanos = nanos;
  }

  long count() {
    return count;
  }

  Denial<S> denial() {
    return count == 1
        ? first
        : new Denial<>(
            first.subject(),
            first.number(),
            first.verdict(),
            first.result(),
            first.command(),
            count,
            first.first(),
            now.minus(Duration.ofNanos(nanos - last)));
  }
}
