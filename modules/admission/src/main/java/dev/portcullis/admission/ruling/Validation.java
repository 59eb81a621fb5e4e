package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Remedy;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.profiles.record.PodRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the validating webhook does with a pod as it would be stored.
final class Validation {
  private Validation() {}

  static AdmissionVerdict of(PodRequest subject, Judgement judgement, RecordingReview recording) {
    List<FieldError> reasons = new ArrayList<>(judgement.reasons());
    if (subject.mode() == Mode.ENFORCE && !subject.mirror()) {
      reasons.addAll(forgedRecord(subject));
      // The mutating webhook leaves a pod alone that is refused anyway: what it would have written
      // is missing then, and is not a second reason.
      if (judgement.admitted()) {
        reasons.addAll(forgedFromTheStart(subject, judgement));
        reasons.addAll(withoutEffect(subject, judgement));
      }
    }
    reasons.addAll(recording.errors());
    List<String> warnings = new ArrayList<>(judgement.warningTexts());
    if (!subject.makesContainers()) {
      warnings.add(
          "only kubelets before 1.25 read an annotation of an existing pod, when they next create"
              + " the container; the pod's fields stay unchanged");
    }
    List<Remedy> remedies = reasons.equals(judgement.reasons()) ? judgement.remedies() : List.of();
    return AdmissionVerdict.of(
        subject, reasons, judgement.undecided() || recording.undecided(), remedies, warnings);
  }

  /// For an update that leaves the profiles alone.
  static AdmissionVerdict withoutJudgement(PodRequest subject, RecordingReview recording) {
    List<FieldError> reasons = new ArrayList<>(recording.errors());
    if (subject.mode() == Mode.ENFORCE) {
      reasons.addAll(forgedRecord(subject));
    }
    return reasons.isEmpty()
        ? AdmissionVerdict.allowed(subject.mode())
        : AdmissionVerdict.of(subject, reasons, recording.undecided(), List.of(), List.of());
  }

  /// A record that an update puts into a pod.
  private static List<FieldError> forgedRecord(PodRequest subject) {
    if (subject.request().operation() != Operation.UPDATE || subject.old() == null) {
      return List.of();
    }
    return ManifestRecord.changed(
            subject.pod().object().manifest(), subject.old().object().manifest())
        .stream()
        .map(field -> forged(subject, field, "keep the stored value (kubectl apply and edit do)"))
        .toList();
  }

  /// A new pod that claims, after the mutating webhook or in its absence, that containers were
  /// judged to need no filter, and they were not. Nodes would believe it.
  private static List<FieldError> forgedFromTheStart(PodRequest subject, Judgement judgement) {
    if (subject.request().operation() != Operation.CREATE) {
      return List.of();
    }
    ManifestRecord record = ManifestRecord.of(judgement);
    Mapping object = subject.pod().object().manifest();
    String forged =
        Mutation.isLeftAlone(judgement) ? ManifestRecord.anyIn(object) : record.exceededBy(object);
    if (forged != null) {
      return List.of(forged(subject, forged, "remove it"));
    }
    return record.isProvenIn(subject.pod().object().manifest())
        ? List.of()
        : List.of(
            FieldError.forbidden(
                new FieldPath(
                    "metadata.annotations." + PodRecord.PROVEN, subject.pod().object().at()),
                "it must name the contents that the pod is admitted for, and does not: a profile or"
                    + " a policy has just changed (try again), or something changed the pod after"
                    + " Portcullis' mutating webhook"));
  }

  private static FieldError forged(PodRequest subject, String field, String help) {
    return FieldError.forbidden(
        new FieldPath(field, subject.pod().object().at()),
        "only Portcullis may write how a pod was admitted; " + help);
  }

  /// Containers that would run under another profile than the one they were judged by, because the
  /// fields do not name it. Today's kubelets read nothing else.
  private static List<FieldError> withoutEffect(PodRequest subject, Judgement judgement) {
    if (!subject.makesContainers() || subject.pod().spec().windows()) {
      return List.of();
    }
    List<FieldError> reasons = new ArrayList<>();
    for (ContainerDecision decision : judgement.containers()) {
      switch (decision) {
        case Admitted admitted -> {
          ProfileName effect = FieldProfile.of(judgement.pod(), admitted.container());
          if (!admitted.profile().equals(effect)) {
            reasons.add(withoutEffect(subject, admitted, effect));
          }
        }
        case InvalidPod _, Refused _, Undecided _, Unusable _ -> {}
      }
    }
    return reasons;
  }

  private static FieldError withoutEffect(
      PodRequest subject, Admitted admitted, @Nullable ProfileName effect) {
    return FieldError.forbidden(
        admitted.container().field(),
        "container "
            + GoQuote.quote(admitted.container().name())
            + " must run under "
            + admitted.profile().text()
            + " ("
            + admitted.origin().text()
            + "), but its fields name "
            + (effect == null ? "nothing" : effect.text())
            + ": "
            + cause(subject, admitted.container()));
  }

  private static String cause(PodRequest subject, Container container) {
    return ApiServerCompatibility.takesProfiles(subject.request())
        ? "something changed the pod after Portcullis, or the pod did not pass Portcullis' mutating"
            + " webhook (is it installed?)"
        : "before Kubernetes 1.23 a container of this kind cannot have its own profile, and the pod"
            + " has none in spec.securityContext.seccompProfile for "
            + GoQuote.quote(container.name());
  }
}
