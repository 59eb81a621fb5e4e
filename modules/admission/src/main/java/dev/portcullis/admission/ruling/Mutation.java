package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.pods.decide.Judgement;
import java.util.List;
import java.util.Map;

/// What the mutating webhook does with a judged pod.
final class Mutation {
  private Mutation() {}

  static AdmissionVerdict of(PodRequest subject, Judgement judgement) {
    boolean settable = judgement.admitted() && !isLeftAlone(judgement);
    if (subject.mode() == Mode.ENFORCE) {
      if (judgement.undecided()) {
        return AdmissionVerdict.of(
            subject, judgement.reasons(), true, List.of(), judgement.warningTexts());
      }
      // What is refused is left to the validating webhook, which has the last word and says why.
      if (!judgement.admitted()) {
        return AdmissionVerdict.allowed(subject.mode());
      }
      return set(
          subject.mode(),
          settable ? PodPatch.of(subject, judgement).operations() : withoutForeignRecord(subject));
    }
    List<PatchOperation> operations = withoutForeignRecord(subject);
    return settable
        ? said(subject.mode(), operations, PodPatch.of(subject, judgement).words())
        : set(subject.mode(), operations);
  }

  /// A Windows pod in a cluster where it is believed.
  static boolean isLeftAlone(Judgement judgement) {
    return judgement.pod().spec().windows() && judgement.containers().isEmpty();
  }

  /// A pod that is new has no record but one that its user wrote. The record of a pod that exists
  /// is its own.
  private static List<PatchOperation> withoutForeignRecord(PodRequest subject) {
    return PodRequest.isEphemeral(subject.request())
        ? List.of()
        : ManifestRecord.erase(subject.pod().object().manifest());
  }

  private static AdmissionVerdict set(Mode mode, List<PatchOperation> operations) {
    return operations.isEmpty()
        ? AdmissionVerdict.allowed(mode)
        : new AdmissionVerdict(
            AdmissionResponse.patched(operations),
            AdmissionVerdict.Outcome.PATCHED,
            mode,
            List.of());
  }

  /// @param kept what would have been set
  private static AdmissionVerdict said(
      Mode mode, List<PatchOperation> operations, List<String> kept) {
    if (kept.isEmpty()) {
      return set(mode, operations);
    }
    String words = String.join("; ", kept);
    AdmissionResponse response =
        AdmissionResponse.patched(operations).audited(Map.of("would-set", words));
    if (mode == Mode.WARN) {
      response = response.warning(List.of("Portcullis in enforce mode would set: " + words));
    }
    return new AdmissionVerdict(response, AdmissionVerdict.Outcome.WOULD_PATCH, mode, kept);
  }
}
