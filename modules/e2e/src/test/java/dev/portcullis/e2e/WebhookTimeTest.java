package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.Authority;
import dev.portcullis.e2e.cluster.Authority.Validity;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What time does to a webhook under a real API server: certificates that are over, and a clock
/// that jumps. Nothing is ever decided otherwise because of it; where nobody can be asked, pods are
/// refused.
@Tag(ClusterLane.TAG)
class WebhookTimeTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path temporary;

  private static OnePolicyNamespace timed;

  @BeforeAll
  static void install() throws IOException {
    timed = OnePolicyNamespace.install(REAL.get(), "timed");
  }

  @AfterAll
  static void uninstall() throws IOException {
    timed.uninstall();
  }

  private static boolean isUnreachable(Result result) {
    return result.err().contains("failed calling webhook");
  }

  /// Beside those of the cluster, which outlive the test.
  private static Path log() throws IOException {
    return Files.createTempFile(REAL.get().logs(), "webhook-", ".log");
  }

  private WebhookProcess mounted(Authority.Identity identity) throws IOException {
    Path tls = Files.createDirectory(temporary.resolve("tls"));
    WebhookProcess.mount(tls, identity);
    return WebhookProcess.start(
        REAL.get(),
        log(),
        Map.of(),
        "--tls-cert-file=" + tls.resolve("tls.crt"),
        "--tls-key-file=" + tls.resolve("tls.key"));
  }

  @Test
  void anExpiredCertificateStopsPodsUntilItIsRenewed() throws IOException {
    Cluster cluster = REAL.get();
    Authority authority = new Authority();
    WebhookProcess.trust(cluster, authority);
    try (WebhookProcess webhook =
        mounted(authority.server(WebhookProcess.DNS_NAME, Validity.over()))) {
      cluster.waitUntil(
          "the API server says why it does not trust it",
          SOON,
          () -> timed.attempt(true).err().contains("x509: certificate has expired"));
      assertThat(timed.attempt(true).err())
          .contains("Internal error occurred: failed calling webhook \"mutate.portcullis.dev\"");
      assertThat(timed.attempt(false).ok()).isFalse();
      assertThat(webhook.page("/readyz").statusCode()).isEqualTo(503);
      cluster.waitUntil(
          "the page says so, once policies and namespaces are read",
          SOON,
          () -> webhook.page("/readyz").body().contains("the serving certificate has expired"));
      cluster.waitUntil(
          "it says so, and what to do",
          SOON,
          () -> webhook.said().contains("API servers reject it. Renew it"));

      WebhookProcess.mount(
          temporary.resolve("tls"), authority.server(WebhookProcess.DNS_NAME, Validity.today()));
      cluster.waitUntil("the same process is asked", SOON, timed::admits);
      assertThat(timed.attempt(false).err()).contains("may not run under localhost/of-nobody");
      assertThat(webhook.page("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anExpiredAuthorityIsNoBetter() throws IOException {
    Cluster cluster = REAL.get();
    Authority over = new Authority(Validity.over());
    WebhookProcess.trust(cluster, over);
    try (WebhookProcess webhook = mounted(over.server(WebhookProcess.DNS_NAME, Validity.today()))) {
      cluster.waitUntil(
          "the API server says why it does not trust it",
          SOON,
          () -> timed.attempt(true).err().contains("x509: certificate has expired"));
      assertThat(timed.attempt(false).ok()).isFalse();

      Authority next = new Authority();
      WebhookProcess.trust(cluster, next);
      WebhookProcess.mount(
          temporary.resolve("tls"), next.server(WebhookProcess.DNS_NAME, Validity.today()));
      cluster.waitUntil("the same process is asked", SOON, timed::admits);
      assertThat(webhook.page("/readyz").statusCode()).isEqualTo(200);
    }
  }

  /// Of the webhook alone: the API server's clock stands still beside it.
  @Test
  void aClockThatJumpsChangesNoAnswer() throws IOException {
    Optional<FakeClock> found = FakeClock.in(temporary);
    assumeTrue(found.isPresent(), FakeClock.MISSING);
    FakeClock clock = found.orElseThrow();
    Cluster cluster = REAL.get();
    storeWhatIsOver();
    try (WebhookProcess webhook =
        WebhookProcess.start(cluster, log(), clock.environment(), "--grant-cache=2s")) {
      cluster.waitUntil("certificates that are over are replaced", timed::admits);
      for (String jump : List.of("+3h", "-3h", "+0")) {
        int renewals = renewals(webhook);
        clock.set(jump);
        cluster.waitUntil("its clock is " + jump, SOON, () -> isAbout(offset(webhook), jump));
        nothingIsDecidedOtherwise();
        aGrantIsForgottenInTime();
        if (jump.equals("-3h")) {
          // What it showed begins two hours from now, for its clock.
          cluster.waitUntil(
              "it has certificates that are valid by its clock",
              () -> renewals(webhook) > renewals);
          nothingIsDecidedOtherwise();
        }
        assertThat(webhook.page("/readyz").statusCode()).as("ready at " + jump).isEqualTo(200);
      }
    }
  }

  private static int renewals(WebhookProcess webhook) throws IOException {
    return webhook.said().split("certificates renewed", -1).length - 1;
  }

  /// How far its clock is from ours, by what it writes into its log of a refusal.
  private static Duration offset(WebhookProcess webhook) throws IOException {
    assertThat(timed.attempt(false).ok()).isFalse();
    String last = webhook.said().lines().toList().getLast();
    String time = last.replaceFirst("^\\{\"time\":\"([^\"]+)\".*", "$1");
    return Duration.between(Instant.now(), Instant.parse(time));
  }

  private static boolean isAbout(Duration offset, String jump) {
    Duration wanted =
        jump.equals("+0") ? Duration.ZERO : Duration.parse("PT" + jump.replace("h", "H"));
    return offset.minus(wanted).abs().compareTo(Duration.ofMinutes(1)) < 0;
  }

  /// As when a webhook was switched off for years.
  private static void storeWhatIsOver() throws IOException {
    Authority over = new Authority(Validity.over());
    WebhookProcess.trust(REAL.get(), over);
    Authority.Identity serving = over.server(WebhookProcess.DNS_NAME, Validity.over());
    REAL.get()
        .admin(
            "patch",
            "secret",
            "-n=portcullis",
            "portcullis-webhook-tls",
            "-p={\"data\":{\"ca.crt\":\"%s\",\"tls.crt\":\"%s\",\"tls.key\":\"%s\"}}"
                .formatted(
                    base64(over.certificate()),
                    base64(serving.certificate()),
                    base64(serving.key())));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }

  /// Waits until four pods in a row are judged, as ever. Until then the API server may reach
  /// nobody, for a moment; then it takes none at all.
  private static void nothingIsDecidedOtherwise() throws IOException {
    List<String> wrong = new ArrayList<>();
    int[] inARow = {0};
    REAL.get()
        .waitUntil(
            "four in a row are judged",
            SOON,
            () -> {
              Result allowed = timed.attempt(true);
              Result refused = timed.attempt(false);
              boolean admitted = allowed.out().equals("timed");
              boolean denied = refused.err().contains("may not run under localhost/of-nobody");
              if ((!admitted && !isUnreachable(allowed)) || (!denied && !isUnreachable(refused))) {
                wrong.add(allowed + " " + refused);
              }
              inARow[0] = admitted && denied ? inARow[0] + 1 : 0;
              return inARow[0] == 4 || !wrong.isEmpty();
            });
    assertThat(wrong).isEmpty();
  }

  /// A cache that measures by the wrong clock would believe an answer for three hours, or for no
  /// time.
  private static void aGrantIsForgottenInTime() throws IOException {
    Cluster cluster = REAL.get();
    assertThat(timed.admits()).isTrue();
    cluster.admin("delete", "rolebinding", "-n=timed", "timed");
    cluster.waitUntil(
        "the grant is forgotten",
        SOON,
        () -> timed.attempt(true).err().contains("may use no policy"));
    cluster.apply(timed.grant());
    cluster.waitUntil("the grant is learnt", SOON, timed::admits);
  }
}
