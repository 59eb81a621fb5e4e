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
      Path.of("../deploy/recordings").toAbsolutePath().normalize().toString();
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

  private String get(String name, String path) throws IOException {
    return cluster.admin("get", "configmap", name, "-n=" + NAMESPACE, "-o=jsonpath=" + path);
  }

  @Test
  void aNodeWritesThemAndHasNoOtherRight() throws IOException {
    Proposal first = new Proposal("shop", "web.1", "app", "busybox:1", "{\"p\": 1}", "{\"r\": 1}");
    String name = write(NODE, first);
    assertThat(name).startsWith("web-1-app-");
    assertThat(get(name, "{.data.profile\\.json}")).isEqualTo("{\"p\": 1}");
    assertThat(get(name, "{.data.recording\\.json}")).isEqualTo("{\"r\": 1}");
    assertThat(get(name, "{.metadata.annotations.portcullis\\.dev/recorded-pod}"))
        .isEqualTo("shop/web.1");
    assertThat(get(name, "{.metadata.labels}")).isEmpty();

    // The next of the same pod has no profile: the old one does not stay.
    assertThat(write(NODE, new Proposal("shop", "web.1", "app", "busybox:1", null, "{\"r\": 2}")))
        .isEqualTo(name);
    assertThat(get(name, "{.data.profile\\.json}")).isEmpty();
    assertThat(get(name, "{.data.recording\\.json}")).isEqualTo("{\"r\": 2}");
    assertThat(write(NODE, new Proposal("shop", "web-1", "app", "busybox:1", null, "{\"r\": 3}")))
        .isNotEqualTo(name);

    assertThatIOException()
        .isThrownBy(() -> write("alice", first))
        .withMessageContaining("needs `get`, `list`, `create` and `patch` of `configmaps`");
    assertThat(cluster.kubectl(NODE, "delete", "configmap", name, "-n=" + NAMESPACE).code())
        .isNotZero();
    assertThat(cluster.kubectl(NODE, "create", "configmap", "x", "-n=portcullis-profiles").code())
        .isNotZero();
  }
}
