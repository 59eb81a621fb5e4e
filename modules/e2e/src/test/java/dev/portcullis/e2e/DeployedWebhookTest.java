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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The image and deploy/ together, on a real cluster, as docs/install.md has it.
@Tag(ClusterLane.TAG)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployedWebhookTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath().normalize();

  private final Cluster cluster = REAL.get();

  @BeforeAll
  static void install() throws Exception {
    Installation.into(REAL.get());
    REAL.get().createNamespace("deployed");
  }

  @AfterAll
  static void uninstall() throws IOException {
    Installation.outOf(REAL.get());
    REAL.get().removeNamespaces("deployed");
    // Portcullis would leave it alone, where another test distributes the same.
    Files.deleteIfExists(ownProfile());
  }

  private static Path ownProfile() {
    return REAL.get().profileRoot().resolve("portcullis/webhook.json");
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

  /// The API server keeps its connections to a replica that goes.
  @Test
  void noCreationFailsInARollout() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger tried = new AtomicInteger();
    List<String> failures = new CopyOnWriteArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  try {
                    Result result = tryPod();
                    if (!result.ok()) {
                      failures.add(result.err());
                    }
                  } catch (IOException failed) {
                    failures.add(failed.toString());
                  }
                  tried.incrementAndGet();
                }
              }));
    }
    try {
      for (int i = 0; i < 2; i++) {
        cluster.admin("rollout", "restart", "-n=portcullis", "deployment/portcullis-webhook");
        cluster.admin(
            "rollout",
            "status",
            "-n=portcullis",
            "deployment/portcullis-webhook",
            "--timeout=170s");
        cluster.waitUntil(
            "the replicas before have gone",
            () -> cluster.admin("get", "-n=portcullis", "pods", "-o=name").lines().count() == 2);
      }
    } finally {
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    }
    System.out.println("e2e: " + tried + " creations during two rollouts");
    assertThat(failures).isEmpty();
    assertThat(tried).hasValueGreaterThan(200);
  }

  private Result tryPod() throws IOException {
    return cluster.tryPod(
        "admin",
        "deployed",
        """
        {"metadata": {"name": "tried"}, "spec": {"containers": [{"name": "c", "image": "x"}]}}
        """,
        "{.metadata.name}");
  }

  /// As after `kubectl replace`; the webhook looks by itself twice a minute.
  @ParameterizedTest
  @ValueSource(strings = {"mutatingwebhookconfiguration", "validatingwebhookconfiguration"})
  void aLostCaBundleIsWrittenAtOnce(String kind) throws IOException {
    String bundle =
        cluster.admin(
            "get", kind, "portcullis", "-o=jsonpath={.webhooks[0].clientConfig.caBundle}");
    assertThat(bundle).isNotEmpty();
    for (int i = 0; i < 3; i++) {
      cluster.admin(
          "patch",
          kind,
          "portcullis",
          "--type=json",
          "-p=[{\"op\": \"remove\", \"path\": \"/webhooks/0/clientConfig/caBundle\"}]");
      cluster.waitUntil(
          "it is there again",
          Duration.ofSeconds(8),
          () ->
              cluster
                  .admin(
                      "get", kind, "portcullis", "-o=jsonpath={.webhooks[0].clientConfig.caBundle}")
                  .equals(bundle));
    }
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
        () -> told("watching NodeProfiles") == 1 && told("watching ConfigMaps") == 1);

    for (String file :
        List.of("crd.yaml", "rbac.yaml", "profiles-namespace.yaml", "namespace.yaml")) {
      cluster.admin("delete", "-f", nodes.resolve(file).toString());
    }
    cluster.waitUntil(
        "it has seen that they are gone", () -> told("the API server has no NodeProfiles") == 2);
    assertThat(log()).noneMatch(line -> line.contains("\"level\":\"error\""));
  }

  /// The library is loaded from the image's files; without it all works, and takes longer.
  @Test
  void itsTlsIsBoringSsl() throws IOException {
    assertThat(told("serving on port")).isEqualTo(1);
    assertThat(told("cannot load BoringSSL")).isZero();
  }

  /// It stays under its own profile: last.
  @Test
  @Order(Integer.MAX_VALUE)
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
    assertThat(log())
        .filteredOn(line -> !line.contains("\"level\":\"info\""))
        .singleElement()
        .asString()
        .contains("any client of this port");
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
