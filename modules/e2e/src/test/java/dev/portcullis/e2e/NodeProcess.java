package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `portcullis node` in a process of its own, with everything of it below one directory.
final class NodeProcess implements AutoCloseable {
  private static final Pattern HEALTH = Pattern.compile("\"health\" ?: ?\"(http://[^\"]+)\"");

  private final Path directory;
  private final List<String> command = new ArrayList<>();
  private Process process;
  private Path log;
  private final Map<String, String> environment;
  private int starts;

  NodeProcess(Path directory, String runtimeEndpoint, String... more) throws IOException {
    this(directory, runtimeEndpoint, Map.of(), more);
  }

  @SuppressWarnings("NullAway.Init") // start() is a part of the constructor
  NodeProcess(
      Path directory, String runtimeEndpoint, Map<String, String> environment, String... more)
      throws IOException {
    this.directory = directory;
    this.environment = environment;
    command.addAll(
        List.of(
            "node",
            "--run-dir=" + directory.resolve("run"),
            "--root-dir=" + directory.resolve("kubelet"),
            "--runtime-endpoint=" + runtimeEndpoint));
    command.addAll(List.of(more));
    if (command.stream().noneMatch(it -> it.startsWith("--health-listen"))) {
      command.add("--health-listen=127.0.0.1:0");
    }
    Files.createDirectories(profileRoot());
    start();
  }

  void start() throws IOException {
    log = directory.resolve("node-" + starts++ + ".log");
    ProcessBuilder builder =
        Portcullis.process(command.toArray(String[]::new))
            .redirectError(log.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    process = builder.start();
    for (int i = 0; i < 300 && !said().contains("serving CRI on"); i++) {
      assertThat(process.isAlive()).as(said()).isTrue();
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(said()).contains("serving CRI on");
  }

  Path socket() {
    return directory.resolve("run/cri.sock");
  }

  String endpoint() {
    return "unix://" + socket();
  }

  Path profileRoot() {
    return directory.resolve("kubelet/seccomp");
  }

  Path snapshots() {
    return directory.resolve("run/profiles");
  }

  String said() throws IOException {
    return Files.readString(log);
  }

  /// A page of the health endpoint.
  HttpResponse<String> page(String path) throws IOException, InterruptedException {
    Matcher address = HEALTH.matcher(said());
    assertThat(address.find()).as(said()).isTrue();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  long pid() {
    return process.pid();
  }

  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return open.count();
    }
  }

  long threads() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return threads.count();
    }
  }

  /// Fails unless it keeps at most so many. A connection is closed a moment after its last answer,
  /// and the carriers of virtual threads end when they have been idle.
  void keepsAtMost(long descriptors, long threads) throws IOException {
    for (int i = 0; i < 600 && (descriptors() > descriptors || threads() > threads); i++) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors);
    assertThat(threads()).as("threads").isLessThanOrEqualTo(threads);
  }

  void kill() throws IOException {
    process.destroyForcibly();
    await();
  }

  /// Ends it by SIGTERM.
  int stop() throws IOException {
    process.destroy();
    await();
    return process.exitValue();
  }

  private void await() throws IOException {
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said()).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      stop();
    }
  }
}
