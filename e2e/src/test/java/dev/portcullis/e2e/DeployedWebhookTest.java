package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The image and deploy/ together, on a real cluster, as docs/install.md has it.
@Tag(ClusterLane.TAG)
class DeployedWebhookTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();

  private final Cluster cluster = REAL.get();

  @BeforeEach
  void install() throws Exception {
    Installation.into(cluster);
    cluster.createNamespace("deployed");
  }

  @AfterEach
  void uninstall() throws IOException {
    Installation.outOf(cluster);
    cluster.removeNamespaces("deployed");
    // Portcullis would leave it alone, where another test distributes the same.
    Files.deleteIfExists(ownProfile());
  }

  private Path ownProfile() {
    return cluster.profileRoot().resolve("portcullis/webhook.json");
  }

  private Result pod(String name, String profile) throws IOException {
    String[] arguments = {
      "run",
      "-n=deployed",
      name,
      "--image=" + cluster.busybox(),
      "--annotations=seccomp.security.alpha.kubernetes.io/pod=" + profile,
      "--restart=Never",
      "--command",
      "--",
      "sleep",
      "1000"
    };
    return cluster.kubectl("admin", arguments);
  }

  @Test
  void podsAreJudgedAlsoUnderItsOwnProfile() throws IOException {
    podsAreJudged("first");
    assertThat(webhook().mode()).isEqualTo(SeccompState.Mode.FILTER);

    Files.createDirectories(cluster.profileRoot().resolve("portcullis"));
    Files.copy(DEPLOY.resolve("profiles/portcullis-webhook.json"), ownProfile());
    cluster.admin(
        "patch",
        "-n=portcullis",
        "deployment/portcullis-webhook",
        "-p=" + Files.readString(DEPLOY.resolve("webhook/overlays/own-profile/deployment.yaml")));
    cluster.admin(
        "rollout", "status", "-n=portcullis", "deployment/portcullis-webhook", "--timeout=170s");
    Installation.awaitReady(cluster);
    cluster.waitUntil(
        "only replicas under their own profile are left",
        () ->
            cluster
                .admin(
                    "get",
                    "-n=portcullis",
                    "pods",
                    // A pod without the field must leave a trace, too.
                    "-o=jsonpath={range .items[*]}"
                        + "[{.spec.containers[0].securityContext.seccompProfile.type}]{end}")
                .equals("[Localhost][Localhost]"));
    podsAreJudged("second");
    assertThat(webhook().filters()).isEqualTo(1);
  }

  /// What a node tells is of a part that is installed on its own, before the webhook or after.
  @Test
  void itHearsOfNodesThatAreInstalledLater() throws IOException {
    cluster.waitUntil("it has looked", () -> told("the API server has no NodeProfiles") == 1);
    cluster.waitUntil("it has looked", () -> told("cannot watch ConfigMaps") == 1);

    Path nodes = DEPLOY.resolve("nodes");
    for (String file :
        List.of("namespace.yaml", "profiles-namespace.yaml", "crd.yaml", "rbac.yaml")) {
      cluster.admin("apply", "-f", nodes.resolve(file).toString());
    }
    cluster.waitUntil(
        "it follows both",
        Duration.ofSeconds(90),
        () -> told("watching NodeProfiles") == 1 && told("watching ConfigMaps") == 1);

    for (String file :
        List.of("crd.yaml", "rbac.yaml", "profiles-namespace.yaml", "namespace.yaml")) {
      cluster.admin("delete", "-f", nodes.resolve(file).toString());
    }
    cluster.waitUntil(
        "it has seen that they are gone",
        Duration.ofSeconds(60),
        () -> told("the API server has no NodeProfiles") == 2);
    assertThat(log()).noneMatch(line -> line.contains("\"level\":\"error\""));
  }

  /// The library is loaded from the image's files; without it all works, and takes longer.
  @Test
  void itsTlsIsBoringSsl() throws IOException {
    assertThat(told("serving on port")).isEqualTo(1);
    assertThat(told("cannot load BoringSSL")).isZero();
  }

  private long told(String words) throws IOException {
    return log().stream().filter(line -> line.contains(words)).count();
  }

  /// Of one replica, and always the same.
  private List<String> log() throws IOException {
    String pod =
        cluster.admin(
            "get",
            "-n=portcullis",
            "pods",
            "--sort-by=.metadata.name",
            "-o=jsonpath={.items[0].metadata.name}");
    return cluster.admin("logs", "-n=portcullis", pod).lines().toList();
  }

  private SeccompState webhook() throws IOException {
    String name =
        cluster.admin("get", "-n=portcullis", "pods", "-o=jsonpath={.items[0].metadata.name}");
    return cluster.seccomp("portcullis", name, "webhook");
  }

  private void podsAreJudged(String name) throws IOException {
    assertThat(pod(name, "runtime/default").complaints()).isEmpty();
    assertThat(cluster.seccomp("deployed", name, name).mode()).isEqualTo(SeccompState.Mode.FILTER);
    assertThat(
            cluster.admin(
                "get",
                "-n=deployed",
                "pod",
                name,
                "-o=jsonpath={.metadata.annotations.portcullis\\.dev/policy}"
                    + "{.spec.securityContext.seccompProfile.type}"))
        .endsWith("RuntimeDefault");
    assertThat(pod("refused", "unconfined").err())
        .contains("validate.portcullis.dev", "may not run under unconfined");
  }
}
