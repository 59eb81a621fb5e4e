package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.AnyCertificate;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A webhook with the image's memory, under a real API server, and others who reach its port.
///
/// `-Dportcullis.hostile.seconds=60` makes it a minute.
class WebhookPortTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final int SECONDS = Integer.getInteger("portcullis.hostile.seconds", 10);

  @BeforeAll
  static void install() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("hostile");
    cluster.admin(
        "create", "rolebinding", "-n=hostile", "edit", "--clusterrole=edit", "--group=developers");
    WebhookProcess.install(cluster);
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: hostile}
        spec: {allowedProfiles: [runtime/default]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: hostile}
        rules:
        - {apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use], resourceNames: [hostile]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {namespace: hostile, name: hostile}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: hostile}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
        """);
  }

  @AfterAll
  static void uninstall() throws IOException {
    WebhookProcess.uninstall(REAL.get());
    REAL.get().admin("delete", "clusterrole", "hostile");
    REAL.get().removeNamespaces("hostile");
  }

  private static WebhookProcess start(String... more) throws IOException {
    WebhookProcess webhook =
        WebhookProcess.startAsInTheImage(
            REAL.get(), Files.createTempFile(REAL.get().logs(), "webhook-", ".log"), more);
    REAL.get().waitUntil("it is asked", WebhookPortTest::admitted);
    return webhook;
  }

  private static String[] mutual() {
    return new String[] {
      "--client-ca-file=" + REAL.get().authority(), "--client-name=kube-apiserver"
    };
  }

  /// Through the API server: tries a pod that the policy allows, or one that none does.
  private static Result attempt(boolean allowed) throws IOException {
    return REAL.get()
        .kubectl(
            "alice",
            "run",
            "tried",
            "-n=hostile",
            "--image=x",
            "--dry-run=server",
            "--annotations=seccomp.security.alpha.kubernetes.io/pod="
                + (allowed ? "runtime/default" : "localhost/of-nobody"),
            "-o=jsonpath={.metadata.annotations.portcullis\\.dev/policy}");
  }

  private static boolean admitted() throws IOException {
    return attempt(true).out().equals("hostile");
  }

  private static HttpResponse<String> forged(SSLContext tls, String path)
      throws IOException, InterruptedException {
    URI webhook = URI.create("https://" + address() + path);
    String review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",
         "kind":{"group":"","version":"v1","kind":"Pod"},
         "resource":{"group":"","version":"v1","resource":"pods"},
         "namespace":"hostile","name":"p","operation":"CREATE","userInfo":{"username":"alice"},
         "object":%s}}
        """
            .formatted(HonestReviews.pod("Unconfined", ""));
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      return client.send(
          HttpRequest.newBuilder(webhook)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(review))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static String address() {
    return REAL.get().nodeAddress() + ":" + WebhookProcess.PORT;
  }

  @Test
  void onlyTheApiServerIsAnswered() throws Exception {
    Cluster cluster = REAL.get();
    try (WebhookProcess webhook = start(mutual())) {
      assertThat(attempt(false).err()).contains("may not run under localhost/of-nobody");
      for (String path : List.of("/mutate", "/validate", "/templates", "/profiles")) {
        HttpResponse<String> none = forged(AnyCertificate.trusted(), path);
        assertThat(none.statusCode()).isEqualTo(403);
        assertThat(none.body()).contains("no client certificate").doesNotContain("hostile");
        // Of the same authority, as every user's is here.
        HttpResponse<String> alice = forged(ClientIdentity.of(cluster.kubeconfig("alice")), path);
        assertThat(alice.statusCode()).isEqualTo(403);
        assertThat(alice.body()).contains("none of the names").doesNotContain("hostile");
      }
      for (String page : List.of("/healthz", "/readyz", "/metrics")) {
        assertThat(webhook.page(page).statusCode()).as(page).isEqualTo(200);
      }
      assertThat(webhook.page("/metrics").body())
          .contains("portcullis_http_refused_total{reason=\"client_certificate\"} 8.0");
      assertThat(webhook.said()).doesNotContain("whoever reaches this port");
    }
  }

  /// What the administrator sees who demands one before the API server has it.
  @Test
  void theApiServerSaysWhyItIsNotAnswered() throws Exception {
    Cluster cluster = REAL.get();
    try (WebhookProcess webhook =
        WebhookProcess.startAsInTheImage(
            cluster,
            Files.createTempFile(cluster.logs(), "webhook-", ".log"),
            "--client-ca-file=" + cluster.authority(),
            "--client-name=another")) {
      cluster.waitUntil(
          "it says why",
          () ->
              attempt(true)
                  .err()
                  .contains(
                      "the client certificate has none of the names that --client-name demands"));
      assertThat(attempt(true).ok()).isFalse();
      assertThat(webhook.alive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void honestReviewsGoOn(boolean mutual) throws Exception {
    Cluster cluster = REAL.get();
    SSLContext apiServer =
        ClientIdentity.of(
            Files.readString(cluster.authority().resolveSibling("kube-apiserver.crt")),
            Files.readString(cluster.authority().resolveSibling("kube-apiserver.key")));
    try (WebhookProcess webhook = start(mutual ? mutual() : new String[0]);
        HonestReviews honest = new HonestReviews(address(), apiServer)) {
      assertThat(webhook.said().contains("whoever reaches this port")).isNotEqualTo(mutual);
      int byKubectl = 0;
      HostileClients hostile =
          new HostileClients(new InetSocketAddress(cluster.nodeAddress(), WebhookProcess.PORT));
      try (hostile) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() < end) {
          for (int i = 0; i < 20; i++) {
            honest.send();
          }
          assertThat(webhook.alive()).as(webhook.said()).isTrue();
          Result allowed = attempt(true);
          assertThat(allowed.out()).as(allowed.err()).isEqualTo("hostile");
          assertThat(attempt(false).err()).contains("may not run under localhost/of-nobody");
          byKubectl += 2;
        }
      }
      System.out.printf(
          "e2e: %s: %d honest reviews beside %d hostile connections (%d answered): p50 %.1f ms,"
              + " p99 %.1f ms, slowest %.1f ms; %d by kubectl; wrong: %d%n",
          mutual ? "by certificate" : "without certificate",
          honest.count(),
          hostile.connections.sum(),
          hostile.answers.sum(),
          honest.within(0.5),
          honest.within(0.99),
          honest.within(1),
          byKubectl,
          honest.wrong().size());
      webhook
          .page("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith("portcullis_http_refused_total"))
          .forEach(line -> System.out.println("e2e: " + line));
      assertThat(honest.wrong()).isEmpty();
      assertThat(honest.count()).isPositive();
      assertThat(webhook.said()).doesNotContain("OutOfMemoryError");
    }
  }
}
