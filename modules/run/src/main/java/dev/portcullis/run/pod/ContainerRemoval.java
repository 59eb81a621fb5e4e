package dev.portcullis.run.pod;

import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Takes a container away, also one whose runtime hangs before the container's program begins.
///
/// @param clock in nanoseconds
record ContainerRemoval(Call remove, Call stop, ProcessKiller killer, LongSupplier clock) {
  /// How long a runtime may take to notice that the processes of a container are gone.
  private static final Duration UNTIL_REMOVED = Duration.ofSeconds(10);

  private static final Duration AFTER_KILLING = Duration.ofMillis(200);

  /// Asks the runtime.
  @FunctionalInterface
  interface Call {
    void about(String container) throws CriException;
  }

  /// Kills the processes of a container, and returns how many there were.
  @FunctionalInterface
  interface ProcessKiller {
    int of(String container) throws IOException;
  }

  /// A runtime may hear of the end of a process later than /proc knows of it, and removes nothing
  /// that it takes to be running. Stopping waits until it has heard.
  ///
  /// One that is being started is neither stopped nor removed by a runtime. It is ours, so its
  /// processes are killed, and the runtime is given a moment to notice.
  ///
  /// @param starting whether it may be that
  /// @throws CriException where it is still there: the runtime's last word
  void of(String container, boolean starting) throws CriException {
    try {
      remove.about(container);
      return;
    } catch (CriException refused) {
      stop.about(container);
    }
    long end = clock.getAsLong() + UNTIL_REMOVED.toNanos();
    while (true) {
      try {
        remove.about(container);
        return;
      } catch (CriException refused) {
        if (!starting || clock.getAsLong() >= end || !killed(container)) {
          throw refused;
        }
      }
    }
  }

  private boolean killed(String container) {
    try {
      int _ = killer.of(container);
      Thread.sleep(AFTER_KILLING);
      return true;
    } catch (IOException unseen) {
      return false;
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
