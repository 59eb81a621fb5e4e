package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Two rules with different actions for the same calls. libseccomp silently keeps one.
final class Contradictions implements FilterCheck {
  private static final int MOST = 20;

  @Override
  public List<Finding> judge(LintContext judged) {
    List<Finding> found = new ArrayList<>();
    judged
        .rules()
        .forEach((name, rules) -> {
          Map<Set<ArgumentCondition>, ResolvedRule> first = new HashMap<>();
          for (ResolvedRule rule : rules) {
            ResolvedRule other = first.putIfAbsent(Set.copyOf(rule.arguments()), rule);
            if (other != null
                && !other.outcome().sameAs(rule.outcome())
                && found.size() < MOST
                && !judged.effects(name).isEmpty()) {
              found.add(
                  new Finding(
                      Problem.CONTRADICTORY_RULES,
                      rule.at(),
                      name
                          + " is "
                          + rule.outcome().action().spelling()
                          + " here and "
                          + other.outcome().action().spelling()
                          + " at "
                          + other.at()
                          + "; the filter does "
                          + text(name, judged.effects(name))));
            }
          }
        });
    return found;
  }

  private static String text(String name, List<Effect> effects) {
    return effects.stream()
        .map(effect -> {
          String where = ConditionText.of(effect.condition(), List.of(name));
          return effect.verdict() + (where.isEmpty() ? "" : " where " + where);
        })
        .collect(Collectors.joining(", "));
  }
}
