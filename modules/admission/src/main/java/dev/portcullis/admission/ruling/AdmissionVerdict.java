package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.AdmissionResponse;
import dev.portcullis.admission.review.AdmissionResponse.Refusal;
import dev.portcullis.admission.review.Excerpt;
import dev.portcullis.pods.decide.Remedy;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What becomes of one request, and what is to be reported about it in logs and metrics.
///
/// @param mode what the namespace has; `off` where it was not looked at
/// @param reasons why it is, or would be, refused; what would be set, where that is the outcome
public record AdmissionVerdict(
    AdmissionResponse response, Outcome outcome, Mode mode, List<String> reasons) {
  /// How many reasons are given. A thousand containers have a thousand, and mostly one cause.
  private static final int TOLD = 10;

  /// What would help is added where the message has room for it.
  private static final int LONGEST_MESSAGE = 4_000;

  public AdmissionVerdict {
    reasons = List.copyOf(reasons);
  }

  /// The outcomes that are told apart in metrics.
  public enum Outcome {
    ALLOWED("allowed"),
    /// Allowed, with a patch.
    PATCHED("patched"),
    /// Allowed as it is; `enforce` would have set a profile.
    WOULD_PATCH("would_patch"),
    REFUSED("refused"),
    /// Allowed, as the mode does not refuse; `enforce` would have.
    WOULD_REFUSE("would_refuse"),
    /// Whether it is allowed could not be decided. `enforce` refuses it.
    UNDECIDED("undecided"),
    /// Not looked at: another kind of object, an exemption, a mode that is off.
    PASSED_OVER("passed_over");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    /// The word for it in metrics and logs.
    public String text() {
      return text;
    }
  }

  static AdmissionVerdict passedOver() {
    return new AdmissionVerdict(
        AdmissionResponse.allowed(), Outcome.PASSED_OVER, Mode.OFF, List.of());
  }

  static AdmissionVerdict allowed(Mode mode) {
    return new AdmissionVerdict(AdmissionResponse.allowed(), Outcome.ALLOWED, mode, List.of());
  }

  /// For a request of which nothing could be learnt: refused, whatever the mode may be.
  public static AdmissionVerdict undecided(String why) {
    return new AdmissionVerdict(
        AdmissionResponse.refused(
            Refusal.undecided("Portcullis cannot decide about this request: " + why)),
        Outcome.UNDECIDED,
        Mode.ENFORCE,
        List.of(why));
  }

  /// The reasons against a pod, as its mode has it.
  ///
  /// @param remedies what would help where these are all the reasons
  static AdmissionVerdict of(
      PodRequest subject,
      List<FieldError> errors,
      boolean undecided,
      List<Remedy> remedies,
      List<String> warnings) {
    Mode mode = subject.mode();
    List<String> reasons =
        errors.stream()
            .map(error -> Excerpt.of(error.field() + ": " + error.message()))
            .distinct()
            .toList();
    List<String> told = new ArrayList<>();
    if (subject.chosen().slip() != null) {
      told.add(subject.chosen().slip());
    }
    AdmissionResponse response = AdmissionResponse.allowed();
    if (reasons.isEmpty()) {
      told.addAll(warnings);
      return new AdmissionVerdict(
          mode == Mode.AUDIT ? response : response.warning(told), Outcome.ALLOWED, mode, reasons);
    }
    Outcome outcome = undecided ? Outcome.UNDECIDED : Outcome.WOULD_REFUSE;
    String shown = shown(reasons);
    if (subject.mirror() || mode == Mode.AUDIT) {
      return new AdmissionVerdict(
          response.audited(Map.of("would-refuse", shown)), outcome, mode, reasons);
    }
    if (mode == Mode.WARN) {
      reasons.stream()
          .limit(TOLD)
          .forEach(reason -> told.add("Portcullis in enforce mode would refuse this: " + reason));
      told.addAll(help(remedies));
      told.addAll(warnings);
      return new AdmissionVerdict(
          response.warning(told).audited(Map.of("would-refuse", shown)), outcome, mode, reasons);
    }
    // A reason in the first line: kubectl shows no more of an event.
    String message = withHelp(whose(subject) + shown, remedies);
    told.addAll(warnings);
    return new AdmissionVerdict(
        AdmissionResponse.refused(
                undecided ? Refusal.undecided(message) : Refusal.forbidden(message))
            .warning(told)
            .audited(Map.of("refused", shown)),
        undecided ? Outcome.UNDECIDED : Outcome.REFUSED,
        mode,
        reasons);
  }

  private static String whose(PodRequest subject) {
    String name = subject.pod().identity().name();
    return "pod "
        + (name.isEmpty() ? "" : GoQuote.quote(name) + " ")
        + "in namespace "
        + GoQuote.quote(subject.request().namespace())
        + ": ";
  }

  private static String withHelp(String message, List<Remedy> remedies) {
    StringBuilder whole = new StringBuilder(message);
    for (String help : help(remedies)) {
      if (whole.length() + help.length() <= LONGEST_MESSAGE) {
        whole.append('\n').append(help);
      }
    }
    return whole.toString();
  }

  /// What would help, each in a line.
  static List<String> help(List<Remedy> remedies) {
    return remedies.stream().map(remedy -> "help: " + remedy.text("portcullis")).toList();
  }

  /// The reasons, each in a line.
  static String shown(List<String> reasons) {
    String first = String.join("\nalso: ", reasons.stream().limit(TOLD).toList());
    return reasons.size() <= TOLD
        ? first
        : first + "\nand " + (reasons.size() - TOLD) + " more reasons";
  }
}
