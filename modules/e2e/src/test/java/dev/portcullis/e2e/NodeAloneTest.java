package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis node` with profiles from a cluster that is not there: the proxy serves all the same.
class NodeAloneTest {
  @TempDir Path directory;

  private NodeProcess node(Path kubeconfig) throws IOException {
    return new NodeProcess(
        directory,
        "unix://" + directory.resolve("runtime.sock"),
        "--profiles-namespace=portcullis-profiles",
        "--kubeconfig=" + kubeconfig,
        "--node-name=alone");
  }

  private static void awaitWords(NodeProcess node, String words) throws IOException {
    for (int i = 0; i < 300 && !node.said().contains(words); i++) {
      LockSupport.parkNanos(100_000_000);
    }
    assertThat(node.said()).contains(words);
  }

  @Test
  void withoutAKubeconfig() throws Exception {
    try (NodeProcess node = node(directory.resolve("none"))) {
      awaitWords(node, "cannot watch profiles, trying again");
      assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
      assertThat(node.stop()).isEqualTo(143);
    }
  }

  @Test
  void withoutAnApiServer() throws Exception {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: u, user: {}}]
        """);
    Path ours = directory.resolve("kubelet/seccomp/there.json");
    Files.createDirectories(ours.getParent());
    Files.writeString(ours, "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
    try (NodeProcess node = node(kubeconfig)) {
      awaitWords(node, "cannot watch ConfigMaps in namespace");
      assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
      assertThat(node.page("/metrics").body()).contains("portcullis_profiles ");
      assertThat(node.stop()).isEqualTo(143);
    }
    assertThat(ours).exists();
  }
}
