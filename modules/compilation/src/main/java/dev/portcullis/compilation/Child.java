package dev.portcullis.compilation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A compiling process, seen from the process that asks it. For one thread.
final class Child implements AutoCloseable {
  /// It had its time, and was killed.
  static final class LateException extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final Process process;
  private final ScheduledExecutorService clock;
  private final DataInputStream fromIt;
  private final DataOutputStream toIt;

  private Child(Process process, ScheduledExecutorService clock) {
    this.process = process;
    this.clock = clock;
    fromIt = new DataInputStream(process.getInputStream());
    toIt = new DataOutputStream(process.getOutputStream());
  }

  /// Starts one, and waits until it is ready.
  ///
  /// @param time that it has for that
  /// @param clock kills it when its time is over
  static Child start(Launch launch, Duration time, ScheduledExecutorService clock)
      throws IOException, LateException {
    Child child = new Child(launch.start(), clock);
    int first =
        child.within(
            time,
            () -> {
              int read = child.fromIt.read();
              if (read < 0) {
                throw new EOFException();
              }
              return read;
            });
    if (first != CompilingProcess.READY) {
      child.close();
      throw new IOException("its output started with byte " + first);
    }
    return child;
  }

  /// Sends a frame, and reads the one that comes back. A process that failed is of no further use.
  byte[] ask(byte[] request, Duration time) throws IOException, LateException {
    return within(
        time,
        () -> {
          if (fromIt.available() > 0) {
            throw new IOException("it sent an answer without a request");
          }
          toIt.writeInt(request.length);
          toIt.write(request);
          toIt.flush();
          int length = fromIt.readInt();
          if (length < 0 || length > Frames.LONGEST_ANSWER) {
            throw new IOException("an answer of " + length + " bytes");
          }
          byte[] answer = fromIt.readNBytes(length);
          if (answer.length < length) {
            throw new EOFException();
          }
          return answer;
        });
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  private <T> T within(Duration time, Step<T> step) throws IOException, LateException {
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> killing =
        clock.schedule(
            () -> {
              late.set(true);
              process.destroyForcibly();
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return step.take();
    } catch (IOException failed) {
      close();
      if (late.get()) {
        throw new LateException();
      }
      throw failed instanceof EOFException ? new IOException(end(), failed) : failed;
    } finally {
      killing.cancel(false);
    }
  }

  /// How a process ended that did not answer.
  private String end() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS)
          ? "it exited with code " + process.exitValue()
          : "it closed its standard output";
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return "it exited";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      // Flushes to a process that is gone, maybe.
      toIt.close();
    } catch (IOException gone) {
      // It was to be.
    }
    try {
      fromIt.close();
    } catch (IOException gone) {
      // It was to be.
    }
  }
}
