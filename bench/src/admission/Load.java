import dev.portcullis.e2e.cluster.AnyCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Requests for a webhook: as many as it takes, or so many a second.
///
/// @param review the body of each
/// @param work a directory for what wrk reads
record Load(String review, Path work) {
  private static final int CONNECTIONS = 8;

  /// @param p50 milliseconds that one took, as p99
  /// @param processor microseconds of processor time that the webhook took for one, whatever it did
  ///   beside
  record Result(double perSecond, double p50, double p99, double processor) {}

  /// Processor time of a process so far.
  private static Duration processorTime(long pid) {
    return ProcessHandle.of(pid).flatMap(it -> it.info().totalCpuDuration()).orElse(Duration.ZERO);
  }

  /// At saturation, by wrk: it costs little of the machine that it shares with the webhook.
  ///
  /// @param pid of the webhook
  Result saturate(URI webhook, long pid, Duration time) throws IOException, InterruptedException {
    Path script = work.resolve("review.lua");
    Files.writeString(
        script,
        """
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        local file = io.open("%s", "rb")
        wrk.body = file:read("*a")
        file:close()
        local bad = 0
        function response(status, headers, body)
          if status ~= 200 then bad = bad + 1 end
        end
        """
            .formatted(Files.writeString(work.resolve("review.json"), review)));
    Duration before = processorTime(pid);
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + time.toSeconds() + "s",
                "--latency",
                "-s",
                script.toString(),
                webhook.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(wrk.getInputStream().readAllBytes());
    if (wrk.waitFor() != 0 || out.contains("Non-2xx") || out.contains("Socket errors")) {
      throw new IOException("wrk against " + webhook + ":\n" + out);
    }
    Duration took = processorTime(pid).minus(before);
    return new Result(
        number(out, "Requests/sec:\\s+([0-9.]+)()"),
        number(out, "50%\\s+([0-9.]+)(us|ms|s)"),
        number(out, "99%\\s+([0-9.]+)(us|ms|s)"),
        took.toNanos() / 1e3 / number(out, "([0-9]+)() requests in"));
  }

  private static double number(String out, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(out);
    if (!matcher.find()) {
      throw new IOException("wrk said something else:\n" + out);
    }
    double number = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> number / 1000;
      case "s" -> number * 1000;
      default -> number;
    };
  }

  /// At a rate. A request counts from the moment at which it was due: one that waits for a slow one
  /// is slow itself.
  Result pace(URI webhook, long pid, int perSecond, Duration time)
      throws IOException, InterruptedException, GeneralSecurityException {
    Latencies latencies = new Latencies();
    AtomicInteger wrong = new AtomicInteger();
    int threads = 4;
    Duration before = processorTime(pid);
    long gap = Duration.ofSeconds(1).toNanos() * threads / perSecond;
    long begin = System.nanoTime() + Duration.ofMillis(200).toNanos();
    List<Thread> running = new ArrayList<>();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(AnyCertificate.trusted())
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(webhook)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(review))
              .build();
      for (int thread = 0; thread < threads; thread++) {
        long first = begin + gap * thread / threads;
        running.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (long due = first; due < begin + time.toNanos(); due += gap) {
                        LockSupport.parkNanos(due - System.nanoTime());
                        try {
                          HttpResponse<Void> response =
                              client.send(request, HttpResponse.BodyHandlers.discarding());
                          if (response.statusCode() != 200) {
                            wrong.incrementAndGet();
                          }
                        } catch (IOException | InterruptedException failed) {
                          wrong.incrementAndGet();
                        }
                        latencies.add(System.nanoTime() - due);
                      }
                    }));
      }
      for (Thread thread : running) {
        thread.join();
      }
    }
    if (wrong.get() > 0) {
      throw new IOException(wrong + " requests to " + webhook + " were not answered with 200");
    }
    double requests = perSecond * time.toNanos() / 1e9;
    return new Result(
        perSecond,
        latencies.percentile(50),
        latencies.percentile(99),
        processorTime(pid).minus(before).toNanos() / 1e3 / requests);
  }
}
