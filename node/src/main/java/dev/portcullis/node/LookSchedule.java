package dev.portcullis.node;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// When the containers of a node are inspected: again and again, and soon after a container has
/// started or gone. It has one thread.
final class LookSchedule implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  /// After a removal: a pod's containers go together.
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private final Runnable look;
  private final AtomicBoolean isDueForRemoval = new AtomicBoolean();
  private final AtomicBoolean isDueForStart = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor executor;
  private volatile boolean closed;

  LookSchedule(Runnable look) {
    this.look = look;
    executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("looking").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins.
  ///
  /// @param before is run by the same thread before the first look
  void begin(Runnable before) {
    executor.execute(before);
    var _ =
        executor.scheduleWithFixedDelay(look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  void containerMayHaveStarted() {
    lookIn(Duration.ZERO, isDueForStart);
  }

  void containerMayHaveGone() {
    lookIn(SETTLING, isDueForRemoval);
  }

  /// @param due whether one is about to be made already
  private void lookIn(Duration time, AtomicBoolean due) {
    if (due.compareAndSet(false, true) && !closed) {
      var _ =
          executor.schedule(
              () -> {
                due.set(false);
                look.run();
              },
              time.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    closed = true;
    executor.shutdownNow();
  }
}
