package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pod that a request is about, and how it is to be treated.
///
/// @param pod with the containers that are judged: of a pod that gets ephemeral containers, the new
///   ones alone
/// @param old the pod as it is stored; null where it is new
record PodRequest(AdmissionRequest request, Pod pod, @Nullable Pod old, Scope.Chosen chosen) {
  /// Kubelets are in this group, and only they can make mirror pods that are run.
  private static final String NODES = "system:nodes";

  static PodRequest of(AdmissionRequest request, Pod read, Scope.Chosen chosen) {
    Pod pod = in(read, request);
    Mapping old = request.oldObject();
    if (isEphemeral(request)) {
      return new PodRequest(request, onlyNew(request, pod, old), null, chosen);
    }
    return new PodRequest(
        request, pod, old == null ? null : PodReader.read(Manifest.ofPod(old)), chosen);
  }

  static boolean isEphemeral(AdmissionRequest request) {
    return request.subresource().equals("ephemeralcontainers");
  }

  /// A pod under the name and in the namespace that the server gives, not those in the object.
  static Pod in(Pod pod, AdmissionRequest request) {
    String name = request.name().isEmpty() ? pod.identity().name() : request.name();
    return pod.withIdentity(new Pod.Identity(pod.identity().kind(), request.namespace(), name));
  }

  /// What the pod has already was judged when it came, and does not concern anyone who debugs it.
  private static Pod onlyNew(AdmissionRequest request, Pod pod, @Nullable Mapping old) {
    Set<String> known =
        old == null ? Set.of() : names(ApiServerCompatibility.containers(request, old));
    List<Container> fresh =
        pod.spec().containers().stream()
            .filter(container -> container.kind() == Container.Kind.EPHEMERAL)
            .filter(container -> !known.contains(container.name()))
            .toList();
    Set<String> places = new HashSet<>();
    for (Container container : fresh) {
      places.add(container.path());
      Annotation annotation = pod.annotation(container.name());
      if (annotation != null) {
        places.add(annotation.path().text());
      }
    }
    List<FieldError> errors =
        pod.errors().stream().filter(error -> isAt(error.field(), places)).toList();
    return pod.withContainersAlone(fresh).withErrors(errors);
  }

  /// @param places of containers, as `spec.ephemeralContainers[0]`, and of annotations
  private static boolean isAt(String field, Set<String> places) {
    int end = field.indexOf("].");
    return places.contains(field) || (end >= 0 && places.contains(field.substring(0, end + 1)));
  }

  private static Set<String> names(Value containers) {
    Set<String> names = new HashSet<>();
    if (containers instanceof Sequence list) {
      for (Value container : list.items()) {
        if (container instanceof Mapping object
            && object.present("name") instanceof Value.Text(_, String name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  Mode mode() {
    return chosen.mode();
  }

  /// Whether the pod stands for a static pod. Its container was made from a file on the node: what
  /// is written into this pod does not reach it, and refusing this pod does not stop it.
  boolean mirror() {
    return request.user().groups().contains(NODES) && Manifest.isMirror(pod);
  }

  /// Whether it can be written into the object by which contents it is admitted. Of what is added
  /// to a pod that exists it cannot.
  boolean takesProofs() {
    return pod.isTemplate()
        || (request.operation() == Operation.CREATE && request.subresource().isEmpty());
  }

  /// Whether containers come into being that can be given a profile.
  boolean makesContainers() {
    return isEphemeral(request)
        ? !pod.spec().containers().isEmpty()
        : request.operation() == Operation.CREATE;
  }

  /// Whether the request can change under which profile something runs. Fields of a pod never
  /// change once it exists, its annotations do, and old kubelets act on them when they next create
  /// the container.
  boolean changesProfiles() {
    return makesContainers() || (!isEphemeral(request) && !values(pod).equals(values(old)));
  }

  /// What in a pod's annotations may change the filter of a container, by their keys.
  static Map<String, String> values(@Nullable Pod pod) {
    Map<String, String> values = new HashMap<>();
    if (pod != null) {
      pod.annotations().forEach((key, annotation) -> values.put(key, annotation.value()));
      pod.runtimeAnnotations().forEach(each -> values.put(each.key(), each.value()));
    }
    return values;
  }
}
