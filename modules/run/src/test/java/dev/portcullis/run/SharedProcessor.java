package dev.portcullis.run;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How long a thread that wants to run every millisecond had to wait for a processor, while this is
/// open: as long as any other thread that does, such as a watch.
final class SharedProcessor implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000;

  private volatile boolean closed;
  private volatile long longest;

  SharedProcessor() {
    Thread.ofPlatform().daemon().start(this::run);
  }

  private void run() {
    long last = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(PAUSE_NANOS);
      long now = System.nanoTime();
      longest = Math.max(longest, now - last - PAUSE_NANOS);
      last = now;
    }
  }

  Duration longestWait() {
    return Duration.ofNanos(longest);
  }

  @Override
  public void close() {
    closed = true;
  }
}
