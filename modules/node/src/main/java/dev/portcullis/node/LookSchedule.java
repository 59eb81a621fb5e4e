package dev.portcullis.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
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
  private volatile boolean drained;

  LookSchedule(Runnable look) {
    this.look = look;
    // A call that is under way while this closes does not fail because there are no more looks.
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("looking").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Begins.
  ///
  /// @param before are run by the same thread before the first look
  void begin(List<Runnable> before) {
    before.forEach(executor::execute);
    var _ =
        executor.scheduleWithFixedDelay(look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// No more looks out of turn: the agent is about to end.
  void drain() {
    drained = true;
  }

  void containerMayHaveStarted() {
    lookIn(Duration.ZERO, isDueForStart);
  }

  void containerMayHaveGone() {
    lookIn(SETTLING, isDueForRemoval);
  }

  /// @param due whether one is about to be made already
  private void lookIn(Duration time, AtomicBoolean due) {
    if (due.compareAndSet(false, true) && !drained) {
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
    drained = true;
    executor.shutdownNow();
  }
}
