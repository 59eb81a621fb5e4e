package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// That a cluster asks the admission plugins that a test asks for. `ClusterTest` is the control:
/// there nobody needs a policy.
@Tag(ClusterLane.TAG)
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

  /// A pod must pass both; a PodSecurityPolicy with the annotations is a policy to either.
  @Test
  void aPodIsJudgedByThePluginAndByPortcullis() throws Exception {
    Cluster cluster = REAL.get();
    cluster.createNamespace("both");
    cluster.apply(
        """
        apiVersion: policy/v1beta1
        kind: PodSecurityPolicy
        metadata:
          name: both
          annotations:
            seccomp.security.alpha.kubernetes.io/allowedProfileNames: runtime/default,localhost/one.json
            seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
        spec:
          seLinux: {rule: RunAsAny}
          runAsUser: {rule: RunAsAny}
          fsGroup: {rule: RunAsAny}
          supplementalGroups: {rule: RunAsAny}
          volumes: ["*"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: both}
        rules:
        - {apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use], resourceNames: [both]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {namespace: both, name: both}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: both}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {namespace: both, name: edit}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
        """);
    // The plugin judges the webhook's own pods, too.
    cluster.admin("create", "namespace", "portcullis");
    cluster.admin(
        "create",
        "rolebinding",
        "-n=portcullis",
        "both",
        "--clusterrole=both",
        "--group=system:serviceaccounts:portcullis");
    try {
      Installation.apply(cluster);
      String pod =
          """
          apiVersion: v1
          kind: Pod
          metadata:
            namespace: both
            name: %1$s
            annotations: {%2$s}
          spec: {containers: [{name: main, image: "%3$s", command: [sleep, "1000"]}]}
          """;
      String key = "seccomp.security.alpha.kubernetes.io/pod: ";
      cluster.waitUntil(
          "the plugin and Portcullis say which policy they took",
          () -> {
            cluster.kubectl("alice", "delete", "pod", "-n=both", "plain", "--force");
            return cluster.apply("alice", pod.formatted("plain", "", cluster.busybox())).ok()
                && cluster
                    .admin(
                        "get",
                        "pod",
                        "-n=both",
                        "plain",
                        "-o=jsonpath={.metadata.annotations['kubernetes\\.io/psp']}"
                            + " {.metadata.annotations['portcullis\\.dev/policy']}")
                    .equals("both both");
          });
      assertThat(cluster.seccomp("both", "plain", "main").filters()).isEqualTo(1);
      Result refused =
          cluster.apply("alice", pod.formatted("free", key + "unconfined", cluster.busybox()));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("is forbidden", "unconfined");
    } finally {
      Installation.outOf(cluster);
    }
  }
}
