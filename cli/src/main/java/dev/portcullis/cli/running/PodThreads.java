package dev.portcullis.cli.running;

import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

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
      for (PodOutcome outcome = null; outcome == null && bug == null; ) {
        try {
          outcome = task.get();
          outcomes.add(outcome);
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        } catch (ExecutionException e) {
          bug = e.getCause();
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    rethrow(bug);
    return outcomes;
  }

  private void rethrow(@Nullable Throwable bug) {
    if (bug == null) {
      return;
    }
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    throw new IllegalStateException("the thread of a pod failed", bug);
  }
}
