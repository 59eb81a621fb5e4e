package dev.portcullis.run.pod;

/// Interrupts the thread that made it, at a time, unless it was closed before.
final class RunDeadline implements AutoCloseable {
  private final Thread limited = Thread.currentThread();
  private boolean closed;
  private boolean over;

  /// @param end by {@link System#nanoTime}; {@link Long#MAX_VALUE} for never
  RunDeadline(long end) {
    if (end != Long.MAX_VALUE) {
      Thread.ofPlatform().daemon().name("time limit").start(() -> ring(end));
    }
  }

  private synchronized void ring(long end) {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      if (closed) {
        return;
      }
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException stopping) {
        return;
      }
    }
    if (!closed) {
      over = true;
      limited.interrupt();
    }
  }

  /// Whether the thread was interrupted because of it.
  synchronized boolean isOver() {
    return over;
  }

  /// From here on the thread is left alone.
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
