package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// That a cluster asks the admission plugins that a test asks for. `ClusterTest` is the control:
/// there nobody needs a policy.
class ClusterPluginsTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with("PodSecurityPolicy");

  @Test
  void aPodNeedsAPolicyThatItsUserMayUse() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("policies");
    cluster.admin(
        "create", "rolebinding", "-n=policies", "edit", "--clusterrole=edit", "--user=alice");
    cluster.apply(
        """
        apiVersion: policy/v1beta1
        kind: PodSecurityPolicy
        metadata: {name: any}
        spec:
          seLinux: {rule: RunAsAny}
          runAsUser: {rule: RunAsAny}
          fsGroup: {rule: RunAsAny}
          supplementalGroups: {rule: RunAsAny}
          volumes: ["*"]
        """);
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: policies, name: one}
        spec: {containers: [{name: main, image: "%s", command: [sleep, "1000"]}]}
        """
            .formatted(cluster.busybox());
    cluster.waitUntil(
        "alice may make pods, but no policy lets her",
        () -> cluster.apply("alice", pod).err().contains("is forbidden: PodSecurityPolicy: "));
    cluster.admin(
        "create",
        "role",
        "-n=policies",
        "any",
        "--verb=use",
        "--resource=podsecuritypolicies",
        "--resource-name=any");
    cluster.admin("create", "rolebinding", "-n=policies", "any", "--role=any", "--user=alice");
    cluster.waitUntil("the policy lets her", () -> cluster.apply("alice", pod).ok());
    assertThat(cluster.pid("policies", "one", "main")).isPositive();
    assertThat(
            cluster.admin(
                "get",
                "pod",
                "-n=policies",
                "one",
                "-o=jsonpath={.metadata.annotations['kubernetes\\.io/psp']}"))
        .isEqualTo("any");
  }
}
