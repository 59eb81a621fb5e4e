package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.AnyCertificate;
import dev.portcullis.e2e.cluster.ClientIdentity;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A webhook with the image's memory, under a real API server, and others who reach its port.
///
/// `-Dportcullis.hostile.seconds=60` makes it a minute.
@Tag(ClusterLane.TAG)
class WebhookPortTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final int SECONDS = Integer.getInteger("portcullis.hostile.seconds", 10);

  private static OnePolicyNamespace hostile;

  @BeforeAll
  static void install() throws IOException {
    hostile = OnePolicyNamespace.install(REAL.get(), "hostile");
  }

  @AfterAll
  static void uninstall() throws IOException {
    hostile.uninstall();
  }

  private static WebhookProcess start(String... more) throws IOException {
    WebhookProcess webhook =
        WebhookProcess.startAsInTheImage(
            REAL.get(), Files.createTempFile(REAL.get().logs(), "webhook-", ".log"), more);
    REAL.get().waitUntil("it is asked", hostile::admits);
    return webhook;
  }

  private static String[] mutual() {
    return new String[] {
      "--client-ca-file=" + REAL.get().authority(), "--client-name=kube-apiserver"
    };
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
      assertThat(hostile.attempt(false).err()).contains("may not run under localhost/of-nobody");
      for (String path : List.of("/mutate", "/validate", "/templates", "/profiles")) {
        HttpResponse<String> none = forged(AnyCertificate.trusted(), path);
        assertThat(none.statusCode()).isEqualTo(403);
        assertThat(none.body())
            .contains("the client sent no certificate")
            .doesNotContain("hostile");
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
      assertThat(webhook.said()).doesNotContain("any client of this port");
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
              hostile
                  .attempt(true)
                  .err()
                  .contains("the client certificate has none of the names in --client-name"));
      assertThat(hostile.attempt(true).ok()).isFalse();
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
      assertThat(webhook.said().contains("any client of this port")).isNotEqualTo(mutual);
      int byKubectl = 0;
      HostileClients clients =
          new HostileClients(
              new InetSocketAddress(cluster.nodeAddress(), WebhookProcess.PORT),
              HostileClients.From.LOOPBACK);
      try (clients) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() < end) {
          for (int i = 0; i < 20; i++) {
            honest.send();
          }
          assertThat(webhook.alive()).as(webhook.said()).isTrue();
          Result allowed = hostile.attempt(true);
          assertThat(allowed.out()).as(allowed.err()).isEqualTo("hostile");
          assertThat(hostile.attempt(false).err())
              .contains("may not run under localhost/of-nobody");
          byKubectl += 2;
        }
      }
      System.out.printf(
          "e2e: %s: %d honest reviews beside %d hostile connections (%d answered): p50 %.1f ms,"
              + " p99 %.1f ms, slowest %.1f ms; %d by kubectl; wrong: %d%n",
          mutual ? "by certificate" : "without certificate",
          honest.count(),
          clients.connections.sum(),
          clients.answers.sum(),
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
