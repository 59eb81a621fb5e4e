package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;

/// A namespace in which the group `developers`, and so `alice`, may do everything, and may use one
/// policy, which allows the runtime's default alone.
///
/// @param name of the namespace, of the policy, and of all that belongs to them
record OnePolicyNamespace(Cluster cluster, String name) {

  /// Makes it, and what an API server needs to find a webhook.
  static OnePolicyNamespace install(Cluster cluster, String name) throws IOException {
    WebhookProcess.install(cluster);
    return create(cluster, name);
  }

  /// Makes it in a cluster that knows SeccompPolicies.
  static OnePolicyNamespace create(Cluster cluster, String name) throws IOException {
    cluster.createNamespace(name);
    cluster.admin(
        "create", "rolebinding", "-n=" + name, "edit", "--clusterrole=edit", "--group=developers");
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: NAME}
        spec: {allowedProfiles: [runtime/default]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: NAME}
        rules:
        - {apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use], resourceNames: [NAME]}
        """
            .replace("NAME", name));
    OnePolicyNamespace made = new OnePolicyNamespace(cluster, name);
    cluster.apply(made.grant());
    return made;
  }

  /// The grant of the policy, by which somebody may take it away and give it again.
  String grant() {
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {namespace: NAME, name: NAME}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NAME}
    subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
    """
        .replace("NAME", name);
  }

  void uninstall() throws IOException {
    WebhookProcess.uninstall(cluster);
    remove();
  }

  /// Takes the namespace away, with what belongs to it; the policy goes with its kind.
  void remove() throws IOException {
    cluster.admin("delete", "clusterrole", name);
    cluster.removeNamespaces(name);
  }

  /// Through the API server: tries a pod that the policy allows, or one that none does.
  Result attempt(boolean allowed) throws IOException {
    return cluster.tryPod(
        "alice",
        name,
        """
        {"metadata": {"name": "tried", "annotations":
          {"seccomp.security.alpha.kubernetes.io/pod": "%s"}},
         "spec": {"containers": [{"name": "tried", "image": "x"}]}}
        """
            .formatted(allowed ? "runtime/default" : "localhost/of-nobody"),
        "{.metadata.annotations.portcullis\\.dev/policy}");
  }

  /// Whether one is admitted, by this policy.
  boolean admits() throws IOException {
    return attempt(true).out().equals(name);
  }
}
