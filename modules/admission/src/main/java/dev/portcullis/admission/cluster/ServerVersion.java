package dev.portcullis.admission.cluster;

import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;

/// What depends on the version of the API server, asked instead of guessed from its number.
final class ServerVersion {
  static final String POLICY_V1BETA1 = "policy/v1beta1";

  private ServerVersion() {}

  /// Whether the server has PodSecurityPolicy: until 1.24.
  static boolean servesPodSecurityPolicies(ClusterConnection connection) throws ApiFailure {
    String path = "/apis/" + POLICY_V1BETA1;
    Mapping group = connection.get(path, "GET " + path);
    return group != null
        && group.present("resources") instanceof Sequence resources
        && resources.items().stream()
            .anyMatch(each ->
                each instanceof Mapping resource
                    && StoredObject.text(resource, "name").equals("podsecuritypolicies"));
  }
}
