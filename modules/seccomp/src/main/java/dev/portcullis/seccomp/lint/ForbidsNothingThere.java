package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.List;
import java.util.Locale;

/// Rules that deny, and an architecture on which the filter denies nothing: it has none of the
/// calls, or none of the values. A profile without such rules is found by {@link ForbidsNothing}.
final class ForbidsNothingThere implements FilterCheck {
  @Override
  public List<Finding> judge(LintContext judged) {
    if (judged.profile().rules().stream().allMatch(rule -> rule.outcome().action().letsThrough())) {
      return List.of();
    }
    List<String> nothing =
        judged.all().stream()
            .filter(of ->
                !of.effects().isEmpty()
                    && of.effects().stream().allMatch(each -> each.verdict().kind().passes()))
            .map(of -> of.architecture().name().toLowerCase(Locale.ROOT))
            .toList();
    return nothing.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                Problem.FORBIDS_NOTHING,
                judged.profile().defaultOutcome().at(),
                "on "
                    + String.join(" and ", nothing)
                    + " this profile denies nothing: none of its denying rules applies there"));
  }
}
