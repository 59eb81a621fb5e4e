package dev.portcullis.cli.running;

import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs pods side by side, a thread each.
final class PodThreads {
  private final List<FutureTask<PodOutcome>> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /// Starts them.
  ///
  /// @param ended counted down once by each that ends
  PodThreads(List<PodRun> runs, CountDownLatch ended) {
    for (PodRun run : runs) {
      FutureTask<PodOutcome> task =
          new FutureTask<>(() -> {
            try {
              return run.run();
            } finally {
              ended.countDown();
            }
          });
      tasks.add(task);
      threads.add(Thread.ofPlatform().name("pod").start(task));
    }
  }

  /// Waits for the end of all pods. When the caller is interrupted the pods are ended, and waited
  /// for all the same: what they made must be removed.
  List<PodOutcome> outcomes() {
    List<PodOutcome> outcomes = new ArrayList<>();
    boolean interrupted = false;
    Throwable bug = null;
    for (FutureTask<PodOutcome> task : tasks) {
      for (boolean ended = false; !ended; ) {
        try {
          outcomes.add(task.get());
          ended = true;
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        } catch (ExecutionException e) {
          bug = bug == null ? e.getCause() : bug;
          threads.forEach(Thread::interrupt);
          ended = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (bug != null) {
      throw new IllegalStateException("the thread of a pod failed", bug);
    }
    return outcomes;
  }
}
