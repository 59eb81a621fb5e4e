package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.Excerpt;
import dev.portcullis.pods.decide.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is reported about the template of a workload. Nothing is refused: a template runs nothing,
/// and what its pods may do can change before there are any.
final class Templates {
  private Templates() {}

  static AdmissionVerdict of(PodRequest subject, Judgement judgement) {
    Mode mode = subject.mode();
    List<String> reasons =
        judgement.reasons().stream()
            .map(reason -> Excerpt.of(reason.field() + ": " + reason.message()))
            .toList();
    List<String> warnings = new ArrayList<>();
    if (!judgement.undecided()) {
      String pods = "the pods of this " + subject.pod().identity().kind() + verb(mode);
      reasons.forEach(reason -> warnings.add(pods + reason));
      warnings.addAll(AdmissionVerdict.help(judgement.remedies()));
    }
    warnings.addAll(judgement.warningTexts());
    AdmissionResponse response = AdmissionResponse.allowed();
    if (mode != Mode.AUDIT) {
      response = response.warning(warnings);
    }
    if (reasons.isEmpty()) {
      return new AdmissionVerdict(response, AdmissionVerdict.Outcome.ALLOWED, mode, List.of());
    }
    return new AdmissionVerdict(
        response.audited(Map.of("would-refuse", AdmissionVerdict.shown(reasons))),
        judgement.undecided()
            ? AdmissionVerdict.Outcome.UNDECIDED
            : AdmissionVerdict.Outcome.WOULD_REFUSE,
        mode,
        reasons);
  }

  private static String verb(Mode mode) {
    return mode == Mode.ENFORCE
        ? " will be refused: "
        : " would be refused by Portcullis in enforce mode: ";
  }
}
