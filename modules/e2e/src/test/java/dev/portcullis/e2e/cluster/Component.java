package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One program of a cluster, with its log.
final class Component {
  /// The whole environment of a program: no proxy of the machine is asked, and no cloud is looked
  /// for.
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "LC_ALL", "C",
          // The kubelet's cadvisor asks a metadata service for the machine's name otherwise.
          "AWS_EC2_METADATA_DISABLED", "true");

  private static final int LAST_LINES = 15;

  private final String name;
  private final Process process;
  private final Path log;

  private Component(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /// Starts one. Its words are added to its log.
  ///
  /// @param home its working directory, and what it takes for the user's home
  static Component start(String name, List<String> command, Path home, Path logs)
      throws IOException {
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().put("HOME", home.toString());
    return new Component(name, builder.start(), log);
  }

  long pid() {
    return process.pid();
  }

  /// Fails where it has ended.
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          name + " ended with code " + process.exitValue() + "; " + lastLines(log));
    }
  }

  /// Ends it by the signal that it expects, or by force where it takes too long.
  void stop(Duration patience) throws IOException {
    process.destroy();
    await(patience);
    kill();
  }

  /// Ends it at once.
  void kill() throws IOException {
    process.destroyForcibly();
    if (!await(Duration.ofSeconds(10))) {
      throw new IOException(name + " (process " + process.pid() + ") does not end");
    }
  }

  private boolean await(Duration patience) throws IOException {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ended", e);
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return "the end of "
        + log.toAbsolutePath()
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
