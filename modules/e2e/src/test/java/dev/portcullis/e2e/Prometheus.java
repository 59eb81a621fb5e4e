package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.Cache;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Debian's Prometheus, which `tools/prometheus` puts into the cache, as a process of its own on
/// the loopback address.
final class Prometheus implements AutoCloseable {
  private static final Path HOME = Cache.directory(System.getenv()).resolve("prometheus");

  private final Process process;
  private final Path log;
  private final int port;

  private Prometheus(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /// One of its programs. Skips the calling test where it is not there.
  private static String program(String name) throws IOException {
    Path version = HOME.resolve("version");
    assumeTrue(Files.exists(version), "no Prometheus: tools/prometheus fetches it");
    return HOME.resolve(name).toString();
  }

  /// Runs promtool in a directory, and gives what it printed; it must succeed.
  static String promtool(Path directory, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "promtool-", ".log");
    List<String> command = new ArrayList<>(List.of(program("promtool")));
    command.addAll(List.of(arguments));
    Process promtool =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(promtool.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  /// Starts one that scrapes every second.
  ///
  /// @param targets the items of `scrape_configs`
  static Prometheus start(Path directory, String targets) throws IOException {
    Path configuration = directory.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n" + targets);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                program("prometheus"),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new Prometheus(process, log, port);
  }

  /// The result of an expression now: as many series as it has, each with its value. Waits for a
  /// server that has just started.
  List<Tree> ask(String expression) throws IOException, InterruptedException {
    URI uri =
        URI.create(
            "http://127.0.0.1:"
                + port
                + "/api/v1/query?query="
                + URLEncoder.encode(expression, UTF_8));
    for (int tries = 0; tries < 300; tries++) {
      assertThat(process.isAlive()).as(this::said).isTrue();
      try (HttpClient client = HttpClient.newHttpClient()) {
        var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 503) {
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          return Tree.of(answer.body().getBytes(UTF_8)).at("data").objects("result");
        }
      } catch (ConnectException notYet) {
        // It has just started.
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new AssertionError("Prometheus does not serve: " + said());
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
