package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.cluster.AccessReviews;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who may have pods recorded, as RBAC of a real API server says.
@Tag(ClusterLane.TAG)
class RecordingGrantsTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final String NAMESPACE = "recorded";
  private static final User ALICE = User.requesting("alice", List.of("developers"));
  private static final User ACCOUNT = User.serviceAccount(NAMESPACE, "builder");
  private static final User EDITOR = User.requesting("editor", List.of());

  private final Cluster cluster = REAL.get();

  private boolean mayRecord(User user, String namespace) throws IOException {
    try (ClusterConnection connection = ClusterConnection.open(cluster.kubeconfig("admin"));
        AccessReviews reviews =
            new AccessReviews(connection, Duration.ofSeconds(10), (_, _) -> {})) {
      return reviews.ask(List.of(user), namespace, "web-1").isGranted();
    }
  }

  @Test
  void onlyWhoHasTheVerbOnPodsOfTheNamespace() throws IOException {
    cluster.createNamespace(NAMESPACE);
    try {
      assertThat(mayRecord(ALICE, NAMESPACE)).isFalse();
      cluster.apply(
          """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: {name: record-pods, namespace: %1$s}
          rules:
          - {apiGroups: [""], resources: [pods], verbs: [record]}
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: record-pods, namespace: %1$s}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: record-pods}
          subjects:
          - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}
          - {kind: ServiceAccount, namespace: %1$s, name: builder}
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: edit, namespace: %1$s}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
          subjects:
          - {apiGroup: rbac.authorization.k8s.io, kind: User, name: editor}
          """
              .formatted(NAMESPACE));
      cluster.waitUntil("the role counts", () -> mayRecord(ALICE, NAMESPACE));
      assertThat(mayRecord(ACCOUNT, NAMESPACE)).isTrue();
      assertThat(mayRecord(ALICE, "default")).isFalse();
      assertThat(mayRecord(EDITOR, NAMESPACE)).isFalse();
    } finally {
      cluster.removeNamespaces(NAMESPACE);
    }
  }
}
