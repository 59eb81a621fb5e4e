package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.pods.decide.Judgement;
import java.util.List;
import java.util.Map;

/// What the mutating webhook does with a judged pod.
final class Mutation {
  private Mutation() {}

  static Ruling of(Subject subject, Judgement judgement) {
    Mode mode = subject.mode();
    if (mode == Mode.ENFORCE && judgement.undecided()) {
      return Ruling.refused(mode, subject, judgement);
    }
    if (!judgement.admitted() || judgement.pod().spec().windows()) {
      // The validating webhook has the last word, and says why.
      return mode == Mode.ENFORCE
          ? Ruling.allowed(mode)
          : patched(mode, PolicyRecord.erase(subject.pod().object().manifest()), List.of());
    }
    PodPatch patch = PodPatch.of(subject, judgement);
    return mode == Mode.ENFORCE
        ? patched(mode, patch.operations(), List.of())
        : patched(mode, PolicyRecord.erase(subject.pod().object().manifest()), patch.words());
  }

  /// @param kept what would have been done about profiles in another mode
  private static Ruling patched(Mode mode, List<PatchOperation> operations, List<String> kept) {
    AdmissionResponse response = AdmissionResponse.patched(operations);
    if (!kept.isEmpty()) {
      String words = String.join("; ", kept);
      response = response.audited(Map.of("would-set", words));
      if (mode == Mode.WARN) {
        response =
            response.warning(
                List.of("Portcullis would set, if it enforced in this namespace: " + words));
      }
      return new Ruling(response, Ruling.Outcome.WOULD_PATCH, mode, kept);
    }
    return operations.isEmpty()
        ? Ruling.allowed(mode)
        : new Ruling(response, Ruling.Outcome.PATCHED, mode, List.of());
  }
}
