import dev.portcullis.e2e.cluster.AnyCertificate;
import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Portcullis in the cluster, as people install it; and one replica of it, to be looked at.
///
/// @param pod the name of the replica
/// @param address where it serves
record Installed(Cluster cluster, String pod, URI address) {
  private static final String NAMESPACE = "portcullis";
  private static final Duration POLL = Duration.ofMillis(5);

  static void into(Cluster cluster, Path image) throws Exception {
    cluster.loadImage(image);
    String label = "kubernetes.io/metadata.name";
    cluster.admin("label", "namespace", "kube-system", label + "=kube-system", "--overwrite");
    String overlay = cluster.before(28) ? "kubernetes-1.20" : "match-conditions";
    cluster.admin("apply", "-k", Path.of("deploy/webhook/overlays/" + overlay).toString());
    cluster.admin(
        "rollout", "status", "-n=" + NAMESPACE, "deployment/portcullis-webhook", "--timeout=120s");
  }

  /// All that there are.
  static List<Installed> replicas(Cluster cluster) throws IOException {
    return cluster
        .admin(
            "get",
            "pods",
            "-n=" + NAMESPACE,
            "-o=jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{'\\n'}{end}")
        .lines()
        .map(line -> line.split(" "))
        .map(words -> new Installed(cluster, words[0], URI.create("https://" + words[1] + ":8443")))
        .toList();
  }

  /// Leaves one replica, which then answers everything.
  static Installed alone(Cluster cluster) throws IOException {
    cluster.admin("scale", "-n=" + NAMESPACE, "deployment/portcullis-webhook", "--replicas=1");
    cluster.waitUntil("one replica is left", () -> replicas(cluster).size() == 1);
    return replicas(cluster).getFirst();
  }

  long pid() throws IOException {
    return cluster.pid(NAMESPACE, pod, "webhook");
  }

  /// Resident memory of a process in MB (10^6 bytes), now.
  static double resident(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("process " + pid + " has no memory");
  }

  /// Ends its process, and waits until the one that kubelet starts in its place is ready.
  ///
  /// @return from the start of the process, to the first answer that says so
  Duration restart() throws IOException, GeneralSecurityException, InterruptedException {
    long before = pid();
    ProcessHandle.of(before).orElseThrow().destroyForcibly();
    ProcessHandle.of(before).ifPresent(process -> process.onExit().join());
    Instant ready = awaitReady(address, Duration.ofMinutes(1));
    long after = pid();
    return Duration.between(started(after), ready);
  }

  private static Instant started(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant()).orElseThrow();
  }

  static Instant awaitReady(URI webhook, Duration patience)
      throws IOException, GeneralSecurityException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .sslContext(AnyCertificate.trusted())
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(webhook.resolve("/readyz")).timeout(Duration.ofSeconds(2)).build();
      while (System.nanoTime() < deadline) {
        try {
          HttpResponse<String> answer =
              client.send(request, HttpResponse.BodyHandlers.ofString());
          if (answer.statusCode() == 200) {
            return Instant.now();
          }
        } catch (IOException notYet) {
          // It does not listen yet.
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
    throw new IOException("not ready after " + patience + ": " + webhook);
  }
}
