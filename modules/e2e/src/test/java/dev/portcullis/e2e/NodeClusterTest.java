package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A kubelet 1.20.2, which speaks CRI `v1alpha2`, behind `portcullis node`. `ClusterTest` is the
/// control: there it has the runtime to itself.
@Tag(ClusterLane.TAG)
class NodeClusterTest {
  private static final String NAMESPACE = "proxied";
  private static final String POD_KEY = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_KEY = "container.seccomp.security.alpha.kubernetes.io/";
  private static final SeccompState FILTERED = new SeccompState(SeccompState.Mode.FILTER, 1);
  private static final SeccompState OPEN = new SeccompState(SeccompState.Mode.DISABLED, 0);
  private static final String DENY_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
      """;

  @RegisterExtension static final RealCluster REAL = RealCluster.behindPortcullis();

  @BeforeAll
  static void prepare() throws IOException {
    REAL.get().createNamespace(NAMESPACE);
    Files.writeString(REAL.get().profileRoot().resolve("deny.json"), DENY_MKDIR);
  }

  /// A pod with the containers `main` and `other`.
  private static String pod(String name, String annotations) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      namespace: %1$s
      name: %2$s
      annotations: {%3$s}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - {name: main, image: "%4$s", command: [sh, -c, "echo began; mkdir /tmp/x; sleep 1000"]}
      - {name: other, image: "%4$s", command: [sh, -c, "exec httpd -f -p 8080 -h /etc"]}
    """
        .formatted(NAMESPACE, name, annotations, REAL.get().busybox());
  }

  private static SeccompState seccomp(String pod, String container) throws IOException {
    return REAL.get().seccomp(NAMESPACE, pod, container);
  }

  private static String log(String pod) throws IOException {
    Cluster cluster = REAL.get();
    cluster.waitUntil(
        "the container has said something",
        () -> cluster.admin("logs", "-n=" + NAMESPACE, pod, "-c=main").contains("began"));
    return cluster.admin("logs", "-n=" + NAMESPACE, pod, "-c=main");
  }

  @Test
  void annotationsTakeEffectAndWhatNamesNothingHasTheDefault() throws IOException {
    REAL.get()
        .apply(
            pod(
                "annotated",
                "%s: localhost/deny.json, %sother: unconfined".formatted(POD_KEY, CONTAINER_KEY)));
    REAL.get().apply(pod("silent", ""));
    assertThat(seccomp("annotated", "main")).isEqualTo(FILTERED);
    assertThat(log("annotated")).contains("Read-only file system");
    assertThat(seccomp("annotated", "other")).isEqualTo(OPEN);
    assertThat(seccomp("silent", "main")).isEqualTo(FILTERED);
    assertThat(log("silent")).doesNotContain("Read-only");
  }

  /// KUBERNETES' own words: with containerd 1.5 and newer a static pod's annotation does nothing.
  @Test
  void aStaticPodRunsUnderItsAnnotation() throws IOException {
    Cluster cluster = REAL.get();
    Path file = cluster.staticPods().resolve("static.yaml");
    Files.writeString(file, pod("static", "%s: localhost/deny.json".formatted(POD_KEY)));
    assertThat(seccomp("static-node", "main")).isEqualTo(FILTERED);
    assertThat(log("static-node")).contains("Read-only file system");
    Files.delete(file);
  }

  @Test
  void aMissingProfileIsSeenByTheDeveloperAndHeals() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(pod("waiting", "%smain: localhost/late.json".formatted(CONTAINER_KEY)));
    cluster.waitUntil(
        "kubelet says why",
        () -> {
          String described = cluster.admin("describe", "pod", "-n=" + NAMESPACE, "waiting");
          return described.contains("CreateContainerError")
              && described.contains(
                  "container \"main\": annotation " + CONTAINER_KEY + "main names")
              && described.contains("late.json: does not exist");
        });
    assertThat(seccomp("waiting", "other")).isEqualTo(FILTERED);
    Files.writeString(cluster.profileRoot().resolve("late.json"), DENY_MKDIR);
    assertThat(seccomp("waiting", "main")).isEqualTo(FILTERED);
    assertThat(log("waiting")).contains("Read-only file system");
  }

  /// Who removes its pod by force has the container run on for a while: it counts until the runtime
  /// has it no more.
  @Test
  void aProfileFromTheClusterStaysWhileTheRuntimeHasAContainerUnderIt() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("portcullis-profiles");
    cluster.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: portcullis-profiles
          name: arriving
          labels: {portcullis.dev/seccomp-profiles: "true"}
        data:
          arriving.json: |
        %s
        """
            .formatted(DENY_MKDIR.indent(4)));
    Path file = cluster.profileRoot().resolve("arriving.json");
    cluster.apply(pod("arriving", "%s: localhost/arriving.json".formatted(POD_KEY)));
    assertThat(seccomp("arriving", "main")).isEqualTo(FILTERED);
    assertThat(log("arriving")).contains("Read-only file system");
    cluster.admin("delete", "configmap", "-n=portcullis-profiles", "arriving");
    cluster.waitUntil(
        "it is to be removed",
        () ->
            Files.readString(cluster.logs().resolve("portcullis.log"))
                .contains("profile is not removed yet"));
    assertThat(file).exists();
    cluster.admin("delete", "pod", "-n=" + NAMESPACE, "arriving");
    cluster.removeEndedContainers(NAMESPACE, "arriving");
    cluster.waitUntil("it is removed", () -> !Files.exists(file));
  }

  @Test
  void logsExecAttachAndPortForwardStillWork() throws Exception {
    Cluster cluster = REAL.get();
    cluster.apply(pod("used", ""));
    assertThat(seccomp("used", "other")).isEqualTo(FILTERED);
    assertThat(log("used")).contains("began");
    String[] exec = {"exec", "-n=" + NAMESPACE, "used", "-c=main", "--", "echo", "hello"};
    assertThat(cluster.admin(exec)).isEqualTo("hello\n");
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: brief}
        spec:
          restartPolicy: Never
          containers: [{name: main, image: "%s", command: [sh, -c, "sleep 6; echo bye"]}]
        """
            .formatted(NAMESPACE, cluster.busybox()));
    assertThat(seccomp("brief", "main")).isEqualTo(FILTERED);
    Result attached = cluster.kubectl("admin", "attach", "-n=" + NAMESPACE, "brief");
    assertThat(attached.out()).as(attached.err()).contains("bye");
    Process forward =
        new ProcessBuilder(
                cluster.programs().resolve("kubectl").toString(),
                "--kubeconfig=" + cluster.kubeconfig("admin"),
                "port-forward",
                "-n=" + NAMESPACE,
                "pod/used",
                ":8080")
            .redirectErrorStream(true)
            .start();
    try (var said = forward.inputReader(java.nio.charset.StandardCharsets.UTF_8)) {
      String line = said.readLine();
      assertThat(line).contains("Forwarding from 127.0.0.1:");
      String port = line.replaceAll(".*127\\.0\\.0\\.1:([0-9]+) .*", "$1");
      try (var page =
          java.net.URI.create("http://127.0.0.1:" + port + "/passwd").toURL().openStream()) {
        assertThat(page.readAllBytes()).isNotEmpty();
      }
    } finally {
      forward.destroy();
    }
  }

  @Test
  void theNodeOutlivesARestartOfPortcullis() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(pod("before", "%s: localhost/deny.json".formatted(POD_KEY)));
    long pid = cluster.pid(NAMESPACE, "before", "main");
    cluster.killPortcullis();
    cluster.apply(pod("meanwhile", "%s: localhost/deny.json".formatted(POD_KEY)));
    cluster.startPortcullis();
    assertThat(seccomp("meanwhile", "main")).isEqualTo(FILTERED);
    assertThat(log("meanwhile")).contains("Read-only file system");
    assertThat(cluster.pid(NAMESPACE, "before", "main")).isEqualTo(pid);
    cluster.waitUntil(
        "the node is ready",
        () ->
            cluster
                .admin(
                    "get",
                    "nodes",
                    "-o=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}")
                .equals("True"));
    Portcullis.Result status =
        Portcullis.run("node", "status", "--runtime-endpoint=" + cluster.runtime());
    assertThat(status.code()).as(status.err()).isZero();
    assertThat(status.out()).contains("proxied/before", "pod-annotation", "filtered");
  }
}
