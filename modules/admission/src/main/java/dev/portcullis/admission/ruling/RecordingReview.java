package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.RecordingRequest;
import dev.portcullis.pods.spec.SeccompKeys;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether a request may ask nodes to record a pod. To take the annotation away needs no right.
///
/// Pods of workloads are made by controllers, so the pod's service account may have the right as
/// well. Of a pod that exists, only the user asks.
///
/// @param errors why it may not; none where it may, or does not ask
/// @param undecided whether that could not be decided
record RecordingReview(List<FieldError> errors, boolean undecided) {
  private static final RecordingReview FINE = new RecordingReview(List.of(), false);
  private static final int LONGEST = 100;

  RecordingReview {
    errors = List.copyOf(errors);
  }

  /// Asks, and does not wait for the answer: the result does.
  static Supplier<RecordingReview> of(PodRequest subject, RecordingGrants grants) {
    String asked = Manifest.annotation(subject.pod().object().manifest(), SeccompKeys.RECORD);
    if (asked == null
        || subject.mirror()
        || ApiServerCompatibility.sendsContainersAlone(subject.request())
        || asked.equals(stored(subject))) {
      return () -> FINE;
    }
    FieldPath field =
        new FieldPath("metadata.annotations." + SeccompKeys.RECORD, subject.pod().object().at());
    String wrong = RecordingRequest.read(asked).wrong();
    if (!wrong.isEmpty()) {
      String shown = asked.substring(0, Math.min(LONGEST, asked.length()));
      return () -> new RecordingReview(List.of(FieldError.invalid(field, shown, wrong)), false);
    }
    String namespace = subject.request().namespace();
    User user = subject.request().user();
    String account = subject.pod().spec().serviceAccount();
    boolean isNew = subject.request().operation() == Operation.CREATE;
    List<User> asking =
        isNew ? List.of(user, User.serviceAccount(namespace, account)) : List.of(user);
    String refusal =
        (isNew
                ? "neither user "
                    + GoQuote.quote(user.name())
                    + " nor the pod's service account "
                    + GoQuote.quote(account)
                    + " may"
                : "user " + GoQuote.quote(user.name()) + " may not")
            + " record pods in namespace "
            + GoQuote.quote(namespace)
            + "; a role with the rule {apiGroups: [\"\"], resources: [pods], verbs: [record]}, bound"
            + " there to "
            + (isNew ? "one of them" : "the user")
            + ", allows it";
    RecordingGrants.PendingAnswer answer =
        grants.ask(asking, namespace, subject.pod().identity().name());
    return () -> decided(answer, field, refusal);
  }

  private static RecordingReview decided(
      RecordingGrants.PendingAnswer answer, FieldPath field, String refusal) {
    try {
      return answer.isGranted()
          ? FINE
          : new RecordingReview(List.of(FieldError.forbidden(field, refusal)), false);
    } catch (IOException failed) {
      return new RecordingReview(
          List.of(
              FieldError.internal(
                  field, "cannot determine who may record: " + failed.getMessage())),
          true);
    }
  }

  /// What the pod asked for already, and was judged by.
  private static @Nullable String stored(PodRequest subject) {
    Mapping old = subject.request().oldObject();
    return subject.request().operation() == Operation.UPDATE && old != null
        ? Manifest.annotation(old, SeccompKeys.RECORD)
        : null;
  }
}
