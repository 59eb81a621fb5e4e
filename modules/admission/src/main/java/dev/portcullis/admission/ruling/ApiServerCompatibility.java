package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What API servers of some versions do in another way than today's, as far as it reaches the
/// webhook. All of it is here, but for what the cluster is asked (`cluster.ServerVersion`).
///
/// * Before 1.22 the subresource `ephemeralcontainers` of a pod had a kind of its own with nothing
///   but the containers in it; since then it is the pod. Before 1.23 such a container could not
///   have a `securityContext` (`allowedEphemeralContainerFields`), so it runs under the pod's field
///   or under none.
/// * Before 1.27 the server itself copies an annotation into the field of its level on creation,
///   between the mutating and the validating webhooks (until 1.24 also the other way). Doing it
///   once more changes nothing. From 1.27 only Portcullis does it.
/// * Kubelets before 1.25 read annotations, so that a change of one can take effect on a pod that
///   exists.
final class ApiServerCompatibility {
  private static final String CONTAINERS = "ephemeralContainers";

  private ApiServerCompatibility() {}

  static boolean sendsContainersAlone(AdmissionRequest request) {
    return PodRequest.isEphemeral(request) && request.kind().equals("EphemeralContainers");
  }

  /// Whether the ephemeral containers of a request can have a profile of their own.
  static boolean takesProfiles(AdmissionRequest request) {
    return !sendsContainersAlone(request);
  }

  /// A pod with the containers that come alone.
  static Mapping withContainers(Mapping pod, Mapping alone) {
    Value containers = alone.present(CONTAINERS);
    Mapping spec =
        pod.present("spec") instanceof Mapping found ? found : new Mapping(Position.NONE, Map.of());
    return with(
        pod,
        "spec",
        with(
            spec,
            CONTAINERS,
            containers == null ? new Sequence(Position.NONE, List.of()) : containers));
  }

  /// Those that the pod has already.
  static Value containers(AdmissionRequest request, Mapping old) {
    Value found =
        sendsContainersAlone(request)
            ? old.present(CONTAINERS)
            : old.present("spec") instanceof Mapping spec ? spec.present(CONTAINERS) : null;
    return found == null ? new Sequence(Position.NONE, List.of()) : found;
  }

  private static Mapping with(Mapping object, String key, Value value) {
    Map<String, Mapping.Entry> entries = new LinkedHashMap<>(object.entries());
    entries.put(key, new Mapping.Entry(Position.NONE, value));
    return new Mapping(object.at(), entries);
  }
}
