package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// deploy/nodes, and what builds on it, as administrators apply it, from the first object to the
/// last one removed. What nodes then do is tested in DistributionTest.
@Tag(ClusterLane.TAG)
class DeployNodesTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  /// Beside the repository's own, as kustomize takes other directories by relative paths.
  private static final Path MINE = Path.of("modules/e2e/target/deploy-nodes").toAbsolutePath();

  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath().normalize();
  private static final String NODES = "portcullis-nodes";
  private static final String PROFILES = "portcullis-profiles";
  private static final String NAMESPACE = "nodes-deployed";
  private static final SeccompState ONE_FILTER = new SeccompState(SeccompState.Mode.FILTER, 1);

  private final Cluster cluster = REAL.get();
  private List<String> before = List.of();

  @BeforeEach
  void prepare() throws Exception {
    cluster.loadImage(PortcullisImage.build());
    Installation.awaitGone(cluster, Installation.manifests(cluster));
    Installation.awaitGone(cluster, DEPLOY.resolve("nodes").toString());
    Files.createDirectories(MINE);
    before = ClusterContent.settled(cluster);
  }

  /// This cluster's kubelet has another root, which docs/distribution.md foresees.
  private String otherRoot() throws IOException {
    return """
    - {op: replace, path: /spec/template/spec/containers/0/args/4, value: --seccomp-profile-root=%1$s}
    - {op: replace, path: /spec/template/spec/containers/0/volumeMounts/0/mountPath, value: %1$s}
    - {op: replace, path: /spec/template/spec/volumes/0/hostPath/path, value: %1$s}
    """
        .formatted(cluster.profileRoot());
  }

  private Path file(String name) {
    return cluster.profileRoot().resolve(name);
  }

  private void awaitNode() throws IOException {
    cluster.admin(
        "rollout", "status", "-n=" + NODES, "daemonset/portcullis-node", "--timeout=110s");
  }

  private static String onlyPod(Cluster cluster, String namespace, String component)
      throws IOException {
    return cluster.admin(
        "get",
        "pods",
        "-n=" + namespace,
        "-l=app.kubernetes.io/component=" + component,
        "-o=jsonpath={.items[0].metadata.name}");
  }

  private void pod(String profile, String script) throws IOException {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: probe}
        spec:
          terminationGracePeriodSeconds: 0
          securityContext:
            seccompProfile: {type: Localhost, localhostProfile: "%s"}
          containers:
          - {name: main, image: "%s", command: [sh, -c, "%s"]}
        """
            .formatted(NAMESPACE, profile, cluster.busybox(), script));
  }

  /// Proves that a process has the filter of a profile.
  private void assertFiltered(long pid, String profile) {
    Portcullis.Result proof =
        Portcullis.run(
            "verify",
            "pid:" + pid,
            "--profile=" + profile,
            "--runtime-endpoint=" + cluster.runtime());
    assertThat(proof.code()).as(proof.out() + proof.err()).isZero();
    assertThat(proof.out()).contains("runs the filter of", "proven");
  }

  @Test
  void itIsAppliedDoesItsWorkAndLeavesNothingInTheCluster() throws Exception {
    Files.writeString(MINE.resolve("root.yaml"), otherRoot());
    Files.writeString(
        MINE.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        bases: [%s]
        patchesJson6902:
        - target: {group: apps, version: v1, kind: DaemonSet, namespace: %s, name: portcullis-node}
          path: root.yaml
        """
            .formatted(MINE.relativize(DEPLOY.resolve("nodes")), NODES));
    cluster.admin("apply", "-k", MINE.toString());
    cluster.createNamespace(NAMESPACE);
    try {
      awaitNode();
      theProcessHasAsFewRightsAsItCan();
      aConfigMapReachesTheNodeAndAPodRunsUnderIt();
    } finally {
      cluster.removeNamespaces(NAMESPACE);
      cluster.admin("delete", "-k", MINE.toString(), "--wait=false");
      cluster.removePods(NODES);
    }
    cluster.waitUntil("nothing is left", () -> before.containsAll(ClusterContent.of(cluster)));
    // What the node had it keeps: pods may name it.
    assertThat(file("deployed.json")).exists();
    Files.delete(file("deployed.json"));
    Files.delete(file(".portcullis-written.json"));
  }

  /// All that the Pod Security level "restricted" asks for, but that it is root, whose directory it
  /// writes, and has that directory from the node.
  private void theProcessHasAsFewRightsAsItCan() throws IOException {
    String pod = onlyPod(cluster, NODES, "node");
    assertThat(cluster.seccomp(NODES, pod, "node")).isEqualTo(ONE_FILTER);
    long pid = cluster.pid(NODES, pod, "node");
    assertThat(Files.readString(Path.of("/proc/" + pid + "/status")))
        .contains(
            "NoNewPrivs:\t1\n",
            "CapEff:\t0000000000000000\n",
            "CapPrm:\t0000000000000000\n",
            "CapBnd:\t0000000000000000\n");
    assertFiltered(pid, "runtime/default");
    assertThat(
            cluster.admin(
                "get", "pod", "-n=" + NODES, pod, "-o=jsonpath={.spec.volumes[*].hostPath.path}"))
        .isEqualTo(cluster.profileRoot().toString());
    assertThat(
            cluster.admin(
                "get",
                "pod",
                "-n=" + NODES,
                pod,
                "-o=jsonpath={.spec.hostNetwork}{.spec.hostPID}{.spec.hostIPC}"
                    + "{.spec.containers[*].securityContext}"))
        .isEqualTo(
            "{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"drop\":[\"ALL\"]},"
                + "\"readOnlyRootFilesystem\":true,\"runAsGroup\":0,\"runAsUser\":0}");
  }

  private void aConfigMapReachesTheNodeAndAPodRunsUnderIt() throws IOException {
    cluster.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: %s
          name: deployed
          labels: {portcullis.dev/seccomp-profiles: "true"}
        data:
          deployed.json: |
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["chroot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """
            .formatted(PROFILES));
    pod("deployed.json", "exec sleep 1000");
    assertThat(cluster.seccomp(NAMESPACE, "probe", "main")).isEqualTo(ONE_FILTER);
    assertFiltered(cluster.pid(NAMESPACE, "probe", "main"), file("deployed.json").toString());
    cluster.waitUntil(
        "the node tells",
        () ->
            cluster
                .admin("get", "nodeprofiles", "node", "-o=jsonpath={.status.profiles[*].name}")
                .contains("localhost/deployed.json"));
    cluster.admin("delete", "pod", "-n=" + NAMESPACE, "probe");
  }

  /// The overlay as it stands, but for the two facts that are another cluster's: the kubelet's
  /// root, and the version of disruption budgets.
  @Test
  void theWebhookRunsUnderItsOwnProfile() throws Exception {
    Path kustomize = DebianSid.programs().resolve("kustomize");
    Files.writeString(MINE.resolve("root.yaml"), otherRoot());
    Files.writeString(
        MINE.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%s]
        patches:
        - target: {kind: DaemonSet}
          path: root.yaml
        - target: {kind: PodDisruptionBudget}
          patch: '[{"op": "replace", "path": "/apiVersion", "value": "policy/%s"}]'
        """
            .formatted(
                MINE.relativize(DEPLOY.resolve("webhook/overlays/own-profile")),
                cluster.before(21) ? "v1beta1" : "v1"));
    Path manifests = MINE.resolve("manifests.yaml");
    build(kustomize, manifests);
    Installation.labelSystemNamespace(cluster);
    cluster.waitUntil(
        "everything is applied",
        () -> cluster.kubectl("admin", "apply", "-f", manifests.toString()).ok());
    try {
      awaitNode();
      Installation.awaitReady(cluster);
      String pod = onlyPod(cluster, "portcullis", "webhook");
      assertThat(cluster.seccomp("portcullis", pod, "webhook")).isEqualTo(ONE_FILTER);
      assertFiltered(
          cluster.pid("portcullis", pod, "webhook"),
          DEPLOY.resolve("profiles/portcullis-webhook.json").toString());
      assertThat(Installation.probe(cluster).err())
          .contains("validate.portcullis.dev", "may not run under localhost/of-nobody");
    } finally {
      // The namespaces first, then the webhook's rights, the ConfigMap that it is asked about, and
      // last that it is asked.
      cluster.admin("delete", "-f", manifests.toString(), "--wait=false");
      cluster.removePods(NODES);
      cluster.removePods("portcullis");
      Installation.unlabelSystemNamespace(cluster);
    }
    cluster.waitUntil("nothing is left", () -> before.containsAll(ClusterContent.of(cluster)));
    Files.delete(file("portcullis/webhook.json"));
    Files.delete(file(".portcullis-written.json"));
  }

  /// The watch as it stands, but for what is this cluster's: root, socket and run directory.
  @Test
  void refusedCallsAreCountedByTheirOwnDaemonSet() throws Exception {
    Path kustomize = DebianSid.programs().resolve("kustomize");
    Path run = Files.createDirectories(MINE.resolve("run"));
    String socket = cluster.runtime().substring("unix://".length());
    Files.writeString(MINE.resolve("root.yaml"), otherRoot());
    Files.writeString(
        MINE.resolve("socket.yaml"),
        """
        - {op: replace, path: /spec/template/spec/containers/0/args/2, value: "--runtime-endpoint=unix://%1$s"}
        - {op: replace, path: /spec/template/spec/containers/0/volumeMounts/0/mountPath, value: %1$s}
        - {op: replace, path: /spec/template/spec/volumes/0/hostPath/path, value: %1$s}
        - {op: replace, path: /spec/template/spec/volumes/1/hostPath/path, value: %2$s}
        """
            .formatted(socket, run));
    Files.writeString(
        MINE.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [%s]
        patches:
        - target: {kind: DaemonSet, name: portcullis-node}
          path: root.yaml
        - target: {kind: DaemonSet, name: portcullis-denials}
          path: socket.yaml
        """
            .formatted(MINE.relativize(DEPLOY.resolve("denials"))));
    Path manifests = MINE.resolve("manifests.yaml");
    build(kustomize, manifests);
    Files.writeString(
        file("refusing.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [
           {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """);
    cluster.waitUntil(
        "everything is applied",
        () -> cluster.kubectl("admin", "apply", "-f", manifests.toString()).ok());
    cluster.createNamespace(NAMESPACE);
    try {
      cluster.admin(
          "rollout", "status", "-n=" + NODES, "daemonset/portcullis-denials", "--timeout=110s");
      pod("refusing.json", "while :; do mkdir /tmp/x; sleep 0.2; done");
      cluster.waitUntil(
          "a call is counted",
          () ->
              Portcullis.run("node", "denials", "--run-dir=" + run, "--pod=" + NAMESPACE + "/probe")
                  .out()
                  .contains("mkdir"));
      assertThat(
              cluster.admin(
                  "get",
                  "pods",
                  "-n=" + NODES,
                  "-l=app.kubernetes.io/component=denials",
                  "-o=jsonpath={.items[*].status.containerStatuses[*].restartCount}"))
          .isEqualTo("0");
    } finally {
      cluster.removeNamespaces(NAMESPACE);
      cluster.admin("delete", "-f", manifests.toString(), "--wait=false");
      cluster.removePods(NODES);
      Files.deleteIfExists(file("refusing.json"));
    }
    cluster.waitUntil("nothing is left", () -> before.containsAll(ClusterContent.of(cluster)));
    Files.deleteIfExists(file(".portcullis-written.json"));
  }

  private static void build(Path kustomize, Path manifests) throws Exception {
    Process process =
        new ProcessBuilder(kustomize.toString(), "build", MINE.toString())
            .redirectOutput(manifests.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
