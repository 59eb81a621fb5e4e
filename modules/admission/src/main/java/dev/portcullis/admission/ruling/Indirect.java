package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import java.util.List;

/// Requests that are about something else of a pod, and can write its annotations and labels: the
/// API server stores the metadata that comes with a status (`podStatusStrategy`), and copies the
/// annotations and labels of a Binding into the pod (`setPodNodeAndMetadata`). What matters here is
/// changed through the pod itself, where it is judged, and nowhere else.
final class Indirect {
  private Indirect() {}

  /// Any subresource of pods but that of ephemeral containers, which makes containers: also one
  /// that only later versions of Kubernetes have.
  static boolean isMeant(AdmissionRequest request) {
    return switch (request.operation()) {
      case CREATE, UPDATE ->
          request.resource().equals("bindings")
              || (request.resource().equals("pods")
                  && !request.subresource().isEmpty()
                  && !PodRequest.isEphemeral(request));
      case DELETE, CONNECT -> false;
    };
  }

  /// The fields that matter and would change.
  static List<String> changed(AdmissionRequest request, Mapping object) {
    return JudgedMetadata.changed(
        object, request.operation() == Operation.CREATE ? null : request.oldObject());
  }

  static AdmissionVerdict refused(PodRequest subject, List<String> changed) {
    String way =
        subject.request().subresource().isEmpty()
            ? subject.request().resource()
            : subject.request().resource() + "/" + subject.request().subresource();
    List<FieldError> reasons =
        changed.stream()
            .map(field ->
                FieldError.forbidden(
                    new FieldPath(field, subject.pod().object().at()),
                    "the profiles of a pod, and the record of its admission, cannot be changed"
                        + " through "
                        + way
                        + "; change the pod itself"))
            .toList();
    return AdmissionVerdict.of(subject, reasons, false, List.of(), List.of());
  }
}
