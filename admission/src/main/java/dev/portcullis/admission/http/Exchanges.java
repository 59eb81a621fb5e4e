package dev.portcullis.admission.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/// Runs every exchange (handshake, request and answer) on a virtual thread of its own, under a time
/// limit. One that takes too long is interrupted: that closes the channel it reads or writes
/// (`InterruptibleChannel`), whatever it was waiting for, and takes no lock that it may hold.
final class Exchanges implements Executor, AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  private final long limit;
  private final Map<Thread, Running> running = new ConcurrentHashMap<>();
  private final Thread watch;
  private volatile boolean open = true;

  Exchanges(Duration limit) {
    this.limit = limit.toNanos();
    watch = Thread.ofPlatform().daemon().name("https-time-limit").start(this::watch);
  }

  @Override
  public void execute(Runnable exchange) {
    Thread.ofVirtual()
        .name("https-exchange")
        .start(() -> {
          Thread thread = Thread.currentThread();
          running.put(thread, new Running(System.nanoTime() + limit));
          try {
            exchange.run();
          } finally {
            running.remove(thread);
          }
        });
  }

  /// Leaves the exchange of this thread no more than this.
  void hurry(Duration rest) {
    Running mine = running.get(Thread.currentThread());
    if (mine != null) {
      mine.end = Math.min(mine.end, System.nanoTime() + rest.toNanos());
    }
  }

  /// Whether the exchange of this thread has had its time.
  boolean late() {
    Running mine = running.get(Thread.currentThread());
    return mine != null && mine.late(System.nanoTime());
  }

  int count() {
    return running.size();
  }

  /// Ends the ones that are left.
  void end() {
    long now = System.nanoTime();
    running.forEach((thread, exchange) -> {
      exchange.end = now;
      thread.interrupt();
    });
  }

  private void watch() {
    while (open) {
      LockSupport.parkNanos(TICK.toNanos());
      long now = System.nanoTime();
      // At every tick again: code that swallowed one interrupt may wait for something else now.
      running.forEach((thread, exchange) -> {
        if (exchange.late(now)) {
          thread.interrupt();
        }
      });
    }
  }

  @Override
  public void close() {
    open = false;
    LockSupport.unpark(watch);
  }

  private static final class Running {
    private volatile long end;

    Running(long end) {
      this.end = end;
    }

    boolean late(long now) {
      return now - end >= 0;
    }
  }
}
