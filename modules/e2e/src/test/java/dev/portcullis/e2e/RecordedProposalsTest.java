package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.node.cluster.ProposalWriter;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What nodes recorded, in a real API server: by the rights of `deploy/recordings` alone.
@Tag(ClusterLane.TAG)
class RecordedProposalsTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final String DEPLOYED =
      Path.of("deploy/recordings").toAbsolutePath().normalize().toString();
  private static final String NAMESPACE = "portcullis-recordings";
  private static final String NODE = "system:node:recorder";

  private final Cluster cluster = REAL.get();

  @BeforeEach
  void deploy() throws IOException {
    cluster.addUser(NODE, "system:nodes");
    cluster.admin("apply", "-k", DEPLOYED);
  }

  @AfterEach
  void remove() throws IOException {
    cluster.removeNamespaces(NAMESPACE);
  }

  private String write(String user, Proposal proposal) throws IOException {
    try (ClusterConnection connection = ClusterConnection.open(cluster.kubeconfig(user))) {
      return new ProposalWriter(connection, NAMESPACE, "worker").write(proposal);
    }
  }

  private static Proposal proposal(
      String pod, String uid, int run, @Nullable String profile, String recording) {
    return new Proposal("shop", pod, uid, run, "app", "busybox:1", profile, recording);
  }

  private String get(String name, String path) throws IOException {
    return cluster.admin("get", "configmap", name, "-n=" + NAMESPACE, "-o=jsonpath=" + path);
  }

  @Test
  void aNodeWritesThemAndHasNoOtherRight() throws IOException {
    Proposal first = proposal("web.1", "uid-1", 1, "{\"p\": 1}", "{\"r\": 1}");
    String name = write(NODE, first);
    assertThat(name).startsWith("web-1-app-");
    assertThat(get(name, "{.data.profile\\.json}")).isEqualTo("{\"p\": 1}");
    assertThat(get(name, "{.data.recording\\.json}")).isEqualTo("{\"r\": 1}");
    assertThat(get(name, "{.metadata.annotations.portcullis\\.dev/recorded-pod}"))
        .isEqualTo("shop/web.1");
    assertThat(get(name, "{.metadata.labels}")).isEmpty();

    // Written again.
    assertThat(write(NODE, proposal("web.1", "uid-1", 1, null, "{\"r\": 2}"))).isEqualTo(name);
    assertThat(get(name, "{.data.profile\\.json}")).isEmpty();
    assertThat(get(name, "{.data.recording\\.json}")).isEqualTo("{\"r\": 2}");
    // The next recording of the pod, the next pod of its name, and one that is called nearly so.
    assertThat(
            Set.of(
                name,
                write(NODE, proposal("web.1", "uid-1", 2, null, "{\"r\": 3}")),
                write(NODE, proposal("web.1", "uid-2", 1, null, "{\"r\": 4}")),
                write(NODE, proposal("web-1", "uid-1", 1, null, "{\"r\": 5}"))))
        .hasSize(4);
    assertThat(get(name, "{.data.recording\\.json}")).isEqualTo("{\"r\": 2}");

    assertThatIOException()
        .isThrownBy(() -> write("alice", first))
        .withMessageContaining("needs `get`, `list`, `create` and `patch` of `configmaps`");
    assertThat(cluster.kubectl(NODE, "delete", "configmap", name, "-n=" + NAMESPACE).code())
        .isNotZero();
    assertThat(cluster.kubectl(NODE, "create", "configmap", "x", "-n=portcullis-profiles").code())
        .isNotZero();
  }
}
