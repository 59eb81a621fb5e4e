package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.object.KubernetesObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policies, the RBAC, the pods and the nodes of a cluster, listed once.
public final class ClusterObjects {
  private static final List<String> RBAC =
      List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings");

  private ClusterObjects() {}

  /// All of them. A kind that the server does not have has no objects.
  ///
  /// @throws IOException also where the user may not list them
  public static List<KubernetesObject> policiesAndRbac(ClusterConnection connection)
      throws IOException {
    List<KubernetesObject> objects = new ArrayList<>();
    objects.addAll(ObjectList.of(connection, "/apis/portcullis.dev/v1alpha1/seccomppolicies", ""));
    objects.addAll(
        ObjectList.of(
            connection, "/apis/" + ServerVersion.POLICY_V1BETA1 + "/podsecuritypolicies", ""));
    for (String resource : RBAC) {
      objects.addAll(
          ObjectList.of(connection, "/apis/rbac.authorization.k8s.io/v1/" + resource, ""));
    }
    return objects;
  }

  /// The pods that run, or are to: with what a judgement of them takes, and without places.
  ///
  /// @param namespace null for all
  /// @param node on which they are; null for all, and for those that have none yet
  public static List<KubernetesObject> pods(
      ClusterConnection connection, @Nullable String namespace, @Nullable String node)
      throws IOException {
    String path =
        namespace == null
            ? "/api/v1/pods"
            : "/api/v1/namespaces/" + URLEncoder.encode(namespace, UTF_8) + "/pods";
    return ObjectList.of(
        connection,
        path,
        "fieldSelector="
            + URLEncoder.encode(
                "status.phase!=Succeeded,status.phase!=Failed"
                    + (node == null ? "" : ",spec.nodeName=" + node),
                UTF_8),
        SlimPod::of);
  }

  /// The nodes: their names, and what they report about themselves in `status.nodeInfo`.
  ///
  /// @throws IOException also where the user may not list them
  public static List<KubernetesObject> nodes(ClusterConnection connection) throws IOException {
    return ObjectList.of(connection, "/api/v1/nodes", "", SlimNode::of);
  }
}
