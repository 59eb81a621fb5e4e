package dev.portcullis.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.AnyCertificate;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Pods that flood the webhook, both as people install them, while people go on to create pods.
///
/// They reach the port of each replica by the address of its pod, which is what a Service leads to:
/// nobody translates the address of a Service in this cluster. Nor does anybody enforce a
/// NetworkPolicy: its CNI plugin is `bridge`, and so the port is as open as it can be.
///
/// `-Dportcullis.hostile.seconds=60` makes it a minute.
@Tag(ClusterLane.TAG)
class HostilePodTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final int SECONDS = Integer.getInteger("portcullis.hostile.seconds", 10);

  /// On a machine with other work.
  private static final Duration START = Duration.ofMinutes(4);

  private static final List<String> PODS = List.of("hostile-1", "hostile-2");

  /// All that runs there.
  private static final List<Class<?>> CLASSES =
      List.of(HostileClients.class, HonestReviews.class, AnyCertificate.class);

  @TempDir Path classes;

  private final Cluster cluster = REAL.get();
  private OnePolicyNamespace hostile;

  @BeforeEach
  void install() throws Exception {
    Installation.into(cluster);
    hostile = OnePolicyNamespace.create(cluster, "hostile");
    cluster.waitUntil("the grant counts", hostile::admits);
  }

  @AfterEach
  void uninstall() throws IOException {
    Installation.outOf(cluster);
    hostile.remove();
  }

  /// The answers to what is tried through the API server, one after another.
  private static final class Tries {
    private final List<Long> micros = new ArrayList<>();
    private final List<Result> wrong = new ArrayList<>();

    void go(OnePolicyNamespace hostile, Duration time) throws IOException {
      long end = System.nanoTime() + time.toNanos();
      for (boolean allowed = true; System.nanoTime() < end; allowed = !allowed) {
        long begin = System.nanoTime();
        Result result = hostile.attempt(allowed);
        micros.add((System.nanoTime() - begin) / 1_000);
        if (allowed
            ? !result.out().equals("hostile")
            : !result.err().contains("may not run under localhost/of-nobody")) {
          wrong.add(result);
        }
      }
      Collections.sort(micros);
    }

    private double millis(double part) {
      return micros.get((int) Math.min(micros.size() - 1L, (long) (part * micros.size()))) / 1e3;
    }

    @Override
    public String toString() {
      return "%d pods tried: p50 %.1f ms, p99 %.1f ms, slowest %.1f ms, wrong: %d"
          .formatted(micros.size(), millis(0.5), millis(0.99), millis(1), wrong.size());
    }
  }

  @Test
  void podsAreJudgedMeanwhile() throws Exception {
    List<String> webhooks =
        List.of(
            cluster
                .admin("get", "-n=portcullis", "pods", "-o=jsonpath={.items[*].status.podIP}")
                .split(" "));
    assertThat(webhooks).hasSize(2).doesNotContain("");
    Tries before = new Tries();
    before.go(hostile, Duration.ofSeconds(3));

    attack(webhooks);
    for (String pod : PODS) {
      cluster.waitUntil(
          pod + " has begun",
          START,
          () -> {
            String said = last(pod);
            if (!said.matches("[1-9]\\d* connections \\d+ answers")) {
              throw new IOException("its log ends in \"" + said + '"');
            }
            return true;
          });
    }
    Tries meanwhile = new Tries();
    meanwhile.go(hostile, Duration.ofSeconds(SECONDS));
    List<String> said = new ArrayList<>();
    for (String pod : PODS) {
      said.add(last(pod));
    }

    System.out.printf("e2e: before the attack: %s%n", before);
    System.out.printf("e2e: beside hostile pods (%s): %s%n", String.join("; ", said), meanwhile);
    for (String webhook : webhooks) {
      List<String> refused =
          page(webhook, "/metrics")
              .lines()
              .filter(line -> line.startsWith("portcullis_http_refused_total"))
              .toList();
      System.out.println("e2e: " + webhook + ": " + String.join(", ", refused));
      assertThat(refused).isNotEmpty();
    }
    assertThat(before.wrong).isEmpty();
    assertThat(meanwhile.wrong).isEmpty();
    // One that ran out of memory would have been started anew.
    assertThat(
            cluster.admin(
                "get",
                "-n=portcullis",
                "pods",
                "-o=jsonpath={.items[*].status.containerStatuses[0].restartCount}"))
        .isEqualTo("0 0");
  }

  /// Makes them together: the attack of the first one would be in the way of the second.
  private void attack(List<String> webhooks) throws IOException {
    copyClasses();
    StringBuilder pods = new StringBuilder();
    for (String pod : PODS) {
      pods.append(
          """
          apiVersion: v1
          kind: Pod
          metadata:
            namespace: hostile
            name: %s
            annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}
          spec:
            restartPolicy: Never
            automountServiceAccountToken: false
            containers:
            - name: clients
              image: localhost/portcullis/portcullis:0.1.0
              imagePullPolicy: Never
              # Else nearly all other work of the machine would come first; half of what the webhook
              # has.
              resources: {requests: {cpu: 50m}}
              command: [/opt/portcullis/jre/bin/java, -XX:+UseSerialGC, -Xmx192m, -cp, /classes,
                %s, "%d", %s]
              volumeMounts: [{name: classes, mountPath: /classes, readOnly: true}]
            volumes: [{name: classes, hostPath: {path: %s, type: Directory}}]
          ---
          """
              .formatted(
                  pod,
                  HostileClients.class.getName(),
                  // Until it is taken away.
                  SECONDS + 2 * START.toSeconds(),
                  String.join(", ", webhooks),
                  classes));
    }
    cluster.apply(pods.toString());
  }

  /// To where the pod's user may read them.
  private void copyClasses() throws IOException {
    for (Class<?> type : CLASSES) {
      Path target = classes.resolve(type.getPackageName().replace('.', '/'));
      Files.createDirectories(target);
      String simple = type.getSimpleName();
      Path source =
          Path.of(
                  URI.create(
                      requireNonNull(type.getResource(simple + ".class"), simple).toString()))
              .getParent();
      try (var files = Files.newDirectoryStream(source, simple + "{,$*}.class")) {
        for (Path each : files) {
          Files.copy(each, target.resolve(each.getFileName()));
        }
      }
    }
    Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String last(String pod) throws IOException {
    List<String> lines = cluster.admin("logs", "-n=hostile", pod).lines().toList();
    return lines.isEmpty() ? "" : lines.getLast();
  }

  private static String page(String webhook, String path) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(AnyCertificate.trusted()).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("https://" + webhook + ":8443" + path))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
