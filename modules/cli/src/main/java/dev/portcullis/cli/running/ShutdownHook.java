package dev.portcullis.cli.running;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Makes SIGINT, SIGTERM and SIGHUP end a run as its own end does: the thread that runs it is
/// interrupted, and the process lives on until it has cleaned up.
public final class ShutdownHook implements AutoCloseable {
  /// A runtime that does not answer is given up after this.
  private static final Duration LONGEST_CLEANING = Duration.ofSeconds(90);

  private final CountDownLatch cleaned = new CountDownLatch(1);
  private final Thread hook;
  private final PrintStream out;

  private ShutdownHook(Thread worker, PrintStream out) {
    this.out = out;
    hook =
        new Thread(
            () -> {
              worker.interrupt();
              try {
                cleaned.await(LONGEST_CLEANING.toSeconds(), TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "end of process");
  }

  /// From now on a signal interrupts the calling thread.
  ///
  /// @param out where it prints
  public static ShutdownHook interruptsThisThread(PrintStream out) {
    ShutdownHook end = new ShutdownHook(Thread.currentThread(), out);
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  /// Comes back when a signal has come, for a thread that is interrupted by it.
  public static void awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException signal) {
      // It is what was waited for.
      return;
    }
  }

  /// Reports that everything is cleaned up. Where the process is ending already, does not return:
  /// its exit code is that of the signal.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // Nothing else would do it later.
      out.flush();
      cleaned.countDown();
      forEver();
    }
  }

  private static void forEver() {
    long end = System.nanoTime() + LONGEST_CLEANING.toNanos();
    while (System.nanoTime() < end) {
      // The thread is still interrupted: that is what ended the run.
      Thread.interrupted();
      LockSupport.parkNanos(LONGEST_CLEANING.toNanos());
    }
  }
}
