package dev.portcullis.admission.review;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.rbac.User;
import org.jspecify.annotations.Nullable;

/// What the API server asks.
///
/// @param uid of this request; the answer repeats it
/// @param resource what is asked about: `pods`, `deployments`
/// @param subresource `ephemeralcontainers`; empty for the object itself
/// @param apiVersion of the object: `v1`, `apps/v1`
/// @param kind of the object: `Pod`, `Deployment`
/// @param namespace empty for objects without one
/// @param name empty where the server is still to make one up
/// @param user who sent the request to the API server
/// @param object as it would be stored; null where there is none
/// @param oldObject as it is stored; null on creation
public record AdmissionRequest(
    String uid,
    String resource,
    String subresource,
    String apiVersion,
    String kind,
    String namespace,
    String name,
    Operation operation,
    User user,
    @Nullable Mapping object,
    @Nullable Mapping oldObject) {

  /// What would happen to the object.
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }
}
