package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ClusterConnection;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;

/// What depends on the version of the API server, asked instead of guessed from its number.
final class ServerVersion {
  static final String POLICY_V1BETA1 = "policy/v1beta1";

  private ServerVersion() {}

  /// Whether the server has PodSecurityPolicy: until 1.24.
  static boolean servesPodSecurityPolicies(ClusterConnection connection) throws IOException {
    try {
      APIResourceList resources = connection.client().getApiResources(POLICY_V1BETA1);
      return resources != null
          && resources.getResources().stream()
              .anyMatch(resource -> resource.getName().equals("podsecuritypolicies"));
    } catch (KubernetesClientException failed) {
      if (failed.getCode() == 404) {
        return false;
      }
      throw connection.failure("GET /apis/" + POLICY_V1BETA1, failed);
    }
  }
}
