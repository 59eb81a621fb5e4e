package dev.portcullis.e2e;

import static dev.portcullis.cel.Worlds.group;
import static dev.portcullis.cel.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// From the webhook to compiled policies and back, as docs/without-webhook.md has it: at no moment
/// is a pod admitted that neither would admit, and only while a webhook that was installed anew has
/// not yet written its certificate is one refused that both admit.
@Tag(ClusterLane.TAG)
class WebhookOrPoliciesTest {
  @RegisterExtension
  static final RealCluster REAL = RealCluster.with().requiring(36, "MutatingAdmissionPolicies");

  private static final String NS = "webhook-or-policies";
  private static final List<String> CONFIGURATIONS =
      List.of("mutatingwebhookconfigurations", "validatingwebhookconfigurations");

  @TempDir Path work;

  private final Cluster cluster = REAL.get();

  @BeforeEach
  void install() throws Exception {
    Installation.into(cluster);
    cluster.createNamespace(NS);
    cluster.admin("create", "clusterrole", NS, "--verb=create", "--resource=pods");
    cluster.admin("create", "clusterrolebinding", NS, "--clusterrole=" + NS, "--user=alice");
    cluster.apply(
        policy(
                "everybody",
                "{allowedProfiles: [runtime/default]}",
                group("system:authenticated") + ", " + group("system:serviceaccounts"))
            + policy("team", "{allowedProfiles: ['localhost/team/*']}", group("developers")));
    cluster.waitUntil("alice may use the profile", () -> tried("team/a.json").ok());
  }

  @AfterEach
  void remove() throws IOException {
    PoliciesOnly.remove(cluster);
    cluster.admin("delete", "clusterrolebinding", NS);
    cluster.admin("delete", "clusterrole", NS);
    cluster.removeNamespaces(NS);
    Installation.outOf(cluster);
  }

  private Result tried(String profile) throws IOException {
    return cluster.tryPod(
        "alice",
        NS,
        """
        {"metadata": {"name": "p"}, "spec": {"containers": [
          {"name": "c", "image": "x", "securityContext":
            {"seccompProfile": {"type": "Localhost", "localhostProfile": "%s"}}}]}}
        """
            .formatted(profile),
        "{.metadata.annotations.portcullis\\.dev/policy}");
  }

  /// Creates pods of both kinds all the time.
  private final class Users {
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().start(this::ask);

    private void ask() {
      while (!done.get()) {
        try {
          Result forbidden = tried("other.json");
          if (!forbidden.err().contains("localhost/other.json")) {
            wrong.add("other.json: " + forbidden);
          }
          Result allowed = tried("team/a.json");
          if (!allowed.ok()) {
            wrong.add("team/a.json: " + allowed);
          }
          asked.incrementAndGet();
        } catch (IOException | RuntimeException failed) {
          wrong.add(failed.toString());
        }
      }
    }

    void end() throws InterruptedException {
      done.set(true);
      thread.join();
    }
  }

  @Test
  void thereIsNoGapOnTheWayAndBack() throws Exception {
    Users users = new Users();
    try {
      toPolicies();
      toTheWebhook();
    } finally {
      users.end();
    }
    assertThat(users.asked.get()).isGreaterThan(20);
    assertThat(users.wrong)
        .allMatch(answer ->
            answer.contains("code=1, ")
                && answer.contains("certificate signed by unknown authority"));
  }

  private void toPolicies() throws IOException {
    Portcullis.Result compiled =
        Portcullis.run(
            "policy", "compile", "--cluster", "--kubeconfig=" + cluster.kubeconfig("admin"));
    assertThat(compiled.code()).as(compiled.err()).isZero();
    Path file = Files.writeString(work.resolve("admission-policies.yaml"), compiled.out());
    cluster.admin("apply", "--server-side", "-f=" + file);
    cluster.waitUntil("both refuse", () -> tried("other.json").err().contains("'portcullis-pods'"));
    assertThat(tried("team/a.json").out()).isEqualTo("team");
    for (String kind : CONFIGURATIONS) {
      cluster.admin("delete", kind, "portcullis");
    }
    cluster.waitUntil(
        "the webhook is asked no more", () -> tried("team/a.json").out().equals("compiled"));
  }

  private void toTheWebhook() throws IOException {
    cluster.admin("apply", "-k", Installation.manifests(cluster));
    cluster.waitUntil("the webhook is asked", () -> tried("team/a.json").out().equals("team"));
    PoliciesOnly.remove(cluster);
  }
}
