package dev.portcullis.training;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A process of Portcullis that makes a start-up cache when it ends.
///
/// @param command what it was told
record Trainee(String command, Process process) implements AutoCloseable {
  /// To be ready, and to answer.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /// The cache is made by a second process, at the end of the first.
  private static final Duration END = Duration.ofMinutes(5);

  private static final Duration TURN = Duration.ofMillis(50);

  /// 128 and the number of SIGTERM.
  private static final int TERMINATED = 143;

  /// Something that is not there at first.
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  void await(String what, Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (!process.isAlive()) {
        throw new IOException(command + " has ended: " + process.exitValue());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(command + ": still not so: " + what);
      }
      Thread.sleep(TURN);
    }
  }

  /// Waits until it has ended well by itself.
  void awaitEnd() throws IOException, InterruptedException {
    awaitEnd(0);
  }

  /// Ends one that serves, as systemd and kubelets do.
  void terminate() throws IOException, InterruptedException {
    process.destroy();
    awaitEnd(TERMINATED);
  }

  /// Waits until it has ended by itself, with an exit code.
  void awaitEnd(int code) throws IOException, InterruptedException {
    if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException(command + " does not end");
    }
    if (process.exitValue() != code) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
