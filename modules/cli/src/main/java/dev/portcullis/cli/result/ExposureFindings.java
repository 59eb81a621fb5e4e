package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureAnswers;
import dev.portcullis.cli.input.ExposureAnswers.Answered;
import dev.portcullis.cli.input.ExposureAnswers.ClosedProfile;
import dev.portcullis.cli.input.ExposureSubject;
import dev.portcullis.cli.input.FilterOrigin;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.Vulnerability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What containers reach, for the tools that show findings: a rule for each vulnerability, and an
/// error for what is not closed, as the exit code counts it.
record ExposureFindings(ExposureAnswers answers) {
  /// @param errors why containers are missing
  FindingSet set(List<Diagnostic> errors) {
    List<FindingSet.Subject> subjects = new ArrayList<>();
    List<FindingSet.Entry> entries = new ArrayList<>();
    for (Answered answered : answers.answered()) {
      FindingSet.Subject subject = subject(answered.subject());
      subjects.add(subject);
      answered
          .reach()
          .forEach((vulnerability, reach) -> {
            if (reach.outcome() != Reach.Outcome.CLOSED) {
              entries.add(
                  new FindingSet.Entry(
                      subject,
                      vulnerability.id(),
                      FindingSet.Level.ERROR,
                      answered.subject().place().at(),
                      message(answered, vulnerability, reach)));
            }
          });
    }
    return new FindingSet("exposure", subjects, entries, errors, rules());
  }

  private static FindingSet.Subject subject(ExposureSubject subject) {
    String file = subject.place().file();
    return new FindingSet.Subject(
        file, subject.name().equals(file) ? "" : subject.name(), !subject.place().inCluster());
  }

  private Map<String, FindingSet.Rule> rules() {
    Map<String, FindingSet.Rule> rules = new LinkedHashMap<>();
    for (Vulnerability each : answers.asked()) {
      rules.put(
          each.id(),
          new FindingSet.Rule(
              each.title(),
              each.summary() + " Kernels: " + ExposureText.kernels(each) + ".",
              each.sources().stream().findFirst().orElse("")));
    }
    return rules;
  }

  /// `reachable with localhost/a.json by socket(0x26, ...), number 41 on x86_64; closed by ...`
  private String message(Answered answered, Vulnerability vulnerability, Reach reach) {
    ExposureSubject subject = answered.subject();
    StringBuilder message =
        new StringBuilder(vulnerability.title()).append(": ").append(reach.text());
    if (!subject.profile().equals(subject.name())) {
      message.append(" with ").append(subject.profileLabel());
    }
    List<String> steps = ExposureText.steps(reach);
    if (!steps.isEmpty()) {
      message
          .append(reach.outcome() == Reach.Outcome.UNDECIDED ? ": " : " by ")
          .append(String.join("; by ", steps));
    }
    closing(answered, vulnerability)
        .ifPresent(command -> message.append("; closed by ").append(command));
    return message.toString();
  }

  /// The command for the change that takes the least of those that close it on every architecture.
  private Optional<String> closing(Answered answered, Vulnerability vulnerability) {
    if (!(answered.subject().filter() instanceof SubjectFilter.Known(_, FilterOrigin origin))
        || origin == null) {
      return Optional.empty();
    }
    for (ClosedProfile closed : answers.closed()) {
      if (closed.origin().equals(origin)) {
        for (ClosingChange closing : closed.found().closings()) {
          Reach after = closing.after().get(vulnerability);
          if (after != null && after.outcome() == Reach.Outcome.CLOSED) {
            return Optional.of(ExposureText.command(closed, closing, "portcullis"));
          }
        }
      }
    }
    return Optional.empty();
  }
}
