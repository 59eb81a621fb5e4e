package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.node.cluster.EventWriter;
import dev.portcullis.node.cluster.EventWriter.Subject;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Events of a node, in a real API server: by the rights that a kubelet has to them.
@Tag(ClusterLane.TAG)
class EventRightsTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final String NAMESPACE = "event-rights";
  private static final String NODE = "system:node:teller";
  private static final Subject SUBJECT = new Subject(NAMESPACE, "web", "uid", "app");

  private final Cluster cluster = REAL.get();

  @BeforeEach
  void grant() throws IOException {
    cluster.addUser(NODE, "system:nodes");
    cluster.admin("create", "namespace", NAMESPACE);
    cluster.admin(
        "create", "role", "teller", "-n=" + NAMESPACE, "--verb=create,patch", "--resource=events");
    cluster.admin(
        "create", "rolebinding", "teller", "-n=" + NAMESPACE, "--role=teller", "--user=" + NODE);
  }

  @AfterEach
  void remove() throws IOException {
    cluster.removeNamespaces(NAMESPACE);
  }

  private void warn(String user, String message, long count) throws IOException {
    try (ClusterConnection connection = ClusterConnection.open(cluster.kubeconfig(user))) {
      assertThat(
              new EventWriter(connection, "worker")
                  .write(
                      SUBJECT,
                      "web.1",
                      EventWriter.Type.WARNING,
                      "CallRefused",
                      message,
                      count,
                      Instant.now()))
          .isTrue();
    }
  }

  @Test
  void toCreateAndToPatchWillDo() throws IOException {
    warn(NODE, "first", 1);
    warn(NODE, "second", 7);
    assertThat(
            cluster.admin(
                "get",
                "event",
                "web.1",
                "-n=" + NAMESPACE,
                "-o=jsonpath={.message} {.count} {.involvedObject.name} {.source.host}"))
        .isEqualTo("second 7 web worker");
    assertThatIOException()
        .isThrownBy(() -> warn("alice", "third", 8))
        .withMessageContaining("needs `create` and `patch` of `events`");
  }
}
