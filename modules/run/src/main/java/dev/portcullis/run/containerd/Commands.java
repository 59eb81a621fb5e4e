package dev.portcullis.run.containerd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs programs of the system. The seam by which tests stand in for it.
@FunctionalInterface
public interface Commands {
  /// The most that is kept of what a program prints.
  int LONGEST_OUTPUT = 64 * 1024;

  /// Runs a program to its end.
  ///
  /// @throws IOException where it cannot be started, or did not end in time
  Outcome run(List<String> command, Duration timeout) throws IOException;

  /// How a program ended.
  ///
  /// @param output what it printed, errors included
  record Outcome(int exitCode, String output) {
    /// Whether it ended well.
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /// Those of this machine.
  static Commands ofSystem() {
    return Commands::runProcess;
  }

  private static Outcome runProcess(List<String> command, Duration timeout) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    // Ours to read: messages in another language could not be recognised.
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    Process process = builder.start();
    var output = new StringBuilder();
    Thread reader = Thread.ofVirtual().start(() -> drain(process.getInputStream(), output));
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            String.join(" ", command) + " did not end within " + timeout.toSeconds() + " s");
      }
      // A child that it left behind may hold the pipe open.
      reader.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      process.destroyForcibly();
    }
    synchronized (output) {
      return new Outcome(process.exitValue(), output.toString());
    }
  }

  private static void drain(InputStream in, StringBuilder output) {
    try (in) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (output) {
          if (output.length() < LONGEST_OUTPUT) {
            output.append(new String(buffer, 0, n, UTF_8));
          }
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.append("(its output is incomplete: ").append(e.getMessage()).append(')');
      }
    }
  }
}
