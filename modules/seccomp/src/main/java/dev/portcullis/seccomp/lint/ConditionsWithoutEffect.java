package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls for which a rule has conditions on arguments, while the filter does the same for all
/// arguments: mostly because another rule has the call without a condition.
final class ConditionsWithoutEffect implements FilterCheck {
  private static final int MOST = 20;

  @Override
  public List<Finding> judge(LintContext judged) {
    List<Finding> found = new ArrayList<>();
    judged
        .rules()
        .forEach((name, rules) -> {
          List<Effect> effects = judged.effects(name);
          Optional<ResolvedRule> conditional =
              rules.stream()
                  .filter(rule -> !rule.arguments().isEmpty())
                  .filter(rule -> !rule.outcome().sameAs(judged.profile().defaultOutcome()))
                  .filter(rule ->
                      rule.arguments().stream().allMatch(each -> each.example().isPresent()))
                  .findFirst();
          if (conditional.isEmpty()
              || effects.size() != 1
              || anyByArguments(judged, name)
              || found.size() == MOST) {
            return;
          }
          String why =
              rules.stream()
                  .filter(rule -> rule.arguments().isEmpty())
                  .findFirst()
                  .map(rule -> "; the rule at " + rule.at() + " has it without a condition")
                  .orElse("");
          found.add(
              new Finding(
                  Problem.CONDITION_WITHOUT_EFFECT,
                  conditional.get().at(),
                  "the conditions for "
                      + name
                      + " have no effect: it is "
                      + effects.getFirst().verdict()
                      + " for all arguments"
                      + why));
        });
    return found;
  }

  private static boolean anyByArguments(LintContext judged, String name) {
    return judged.effects().values().stream()
        .map((Map<String, List<Effect>> each) -> each.getOrDefault(name, List.of()))
        .anyMatch(effects -> effects.size() > 1);
  }
}
