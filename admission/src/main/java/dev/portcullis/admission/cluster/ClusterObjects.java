package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.object.KubernetesObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The policies and the RBAC of a cluster, listed once.
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
}
