package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.Check;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The examples, with their policies, through a real API server: who may create what, as the table
/// in their README has it. Then the same after `policy convert`.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag(ClusterLane.TAG)
class ExamplesOnClusterTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final Path EXAMPLES = Path.of("examples").toAbsolutePath().normalize();
  private static final Path POLICIES = EXAMPLES.resolve("policies");

  /// PodSecurityPolicies, which later servers have not.
  private static final Path OLD_POLICIES = POLICIES.resolve("kubernetes-1.24");

  @BeforeAll
  static void install() throws Exception {
    Cluster cluster = REAL.get();
    copy(EXAMPLES.resolve("profiles"), cluster.profileRoot());
    cluster.addUser("ann", "developers");
    cluster.addUser("eve", "explorers");
    cluster.addUser("root", "administrators");
    Installation.into(cluster);
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: edit}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects:
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: developers}
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: explorers}
        - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: administrators}
        """);
    cluster.admin("apply", "-f", POLICIES.toString());
    if (cluster.before(25)) {
      cluster.admin("apply", "-f", OLD_POLICIES.toString());
    } else {
      cluster.apply(converted());
    }
  }

  private static String converted() {
    Portcullis.Result converted = Portcullis.run("policy", "convert", POLICIES.toString());
    assertThat(converted.code()).as(converted.err()).isZero();
    return converted.out();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> {
            try {
              Path target = to.resolve(from.relativize(file).toString());
              Files.createDirectories(target.getParent());
              Files.copy(file, target);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  @AfterAll
  static void uninstall() throws IOException {
    Cluster cluster = REAL.get();
    Installation.outOf(cluster);
    cluster.admin("delete", "-f", POLICIES.toString(), "--ignore-not-found");
    if (cluster.before(25)) {
      cluster.admin("delete", "-f", OLD_POLICIES.toString(), "--ignore-not-found");
    }
    cluster.admin("delete", "clusterrolebinding", "edit");
  }

  /// Creates an example as a user, without its being stored.
  private static Result tried(String user, String example) throws IOException {
    return REAL.get()
        .kubectl(
            user,
            "create",
            "--namespace=default",
            "--dry-run=server",
            "-f=" + EXAMPLES.resolve(example));
  }

  private static void assertAdmitted(String user, String... examples) throws IOException {
    for (String example : examples) {
      Result result = tried(user, example);
      assertThat(result.code()).as("%s of %s: %s", example, user, result.err()).isZero();
    }
  }

  private static void assertRefused(String user, String... examples) throws IOException {
    for (String example : examples) {
      Result result = tried(user, example);
      assertThat(result.code()).as("%s of %s", example, user).isEqualTo(1);
      assertThat(result.err()).contains("denied the request", "may not run under");
    }
  }

  private static void assertAsTheReadmeSays() throws IOException {
    String[] everybody = {"default.yaml", "override.yaml", "own-filter.yaml"};
    assertAdmitted("ann", everybody);
    assertAdmitted("eve", everybody);
    assertAdmitted("root", everybody);
    String[] explorers = {"explorer.yaml", "init-container.yaml", "browser-sandbox.yaml"};
    assertRefused("ann", explorers);
    assertAdmitted("eve", explorers);
    assertAdmitted("root", explorers);
    String[] administrators = {"trustworthy-pod.yaml", "refused.yaml"};
    assertRefused("ann", administrators);
    assertRefused("eve", administrators);
    assertAdmitted("root", administrators);
  }

  /// Each replica hears of a change by a watch of its own; calls go to either.
  private static void awaitBoth(String what, Check check) throws IOException {
    int[] inARow = {0};
    REAL.get()
        .waitUntil(
            what,
            () -> {
              inARow[0] = check.holds() ? inARow[0] + 1 : 0;
              return inARow[0] == 8;
            });
  }

  @Test
  @Order(1)
  void whoMayCreateWhat() throws IOException {
    awaitBoth("the policy of explorers counts", () -> tried("eve", "explorer.yaml").ok());
    awaitBoth("the policy of developers counts", () -> tried("ann", "override.yaml").ok());
    assertAsTheReadmeSays();
  }

  @Test
  @Order(2)
  void aWorkloadIsWarnedOfForItsServiceAccount() throws IOException {
    Cluster cluster = REAL.get();
    Result deployment = tried("eve", "workloads/deployment.yaml");
    assertThat(deployment.code()).as(deployment.err()).isZero();
    assertThat(deployment.err()).doesNotContain("may not run under");
    String asNobody =
        Files.readString(EXAMPLES.resolve("workloads/deployment.yaml"))
            .replace("serviceAccountName: explorer", "serviceAccountName: default");
    Result warned = cluster.apply("eve", asNobody);
    assertThat(warned.code()).as(warned.err()).isZero();
    assertThat(warned.err()).contains("Warning: ", "may not run under");
    cluster.admin("delete", "deployment", "explorers", "--namespace=default");
  }

  /// PodSecurityPolicy goes; what was converted from it takes its place.
  @Test
  @Order(3)
  void whatIsConvertedIsTakenByTheServerAndAllowsTheSame() throws IOException {
    Cluster cluster = REAL.get();
    assumeTrue(cluster.before(25), "Kubernetes has no PodSecurityPolicies any more");
    cluster.apply(converted());
    cluster.admin("delete", "-f", OLD_POLICIES.toString());
    awaitBoth("the new policy counts", () -> tried("ann", "override.yaml").ok());
    assertAsTheReadmeSays();
    assertThat(cluster.admin("get", "seccomppolicy", "developers", "-o=jsonpath={.spec}"))
        .contains("localhost/batch/no-network.json");
    Result deleted = cluster.kubectl("admin", "delete", "seccomppolicy", "developers");
    assertThat(deleted.code()).as(deleted.err()).isZero();
  }
}
