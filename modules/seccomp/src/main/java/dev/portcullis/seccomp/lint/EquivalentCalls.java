package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Calls that a rule restricts, while another call that does the same is allowed.
///
/// What no rule names is not looked at: a list of what is allowed leaves out many calls because
/// programs do not make them any more.
final class EquivalentCalls implements FilterCheck {

  @Override
  public List<Finding> judge(LintContext judged) {
    Map<ResolvedRule, List<String>> byRule = new LinkedHashMap<>();
    Map<String, List<String>> equivalents = Equivalents.load();
    judged
        .rules()
        .forEach((name, rules) -> {
          List<Effect> effects = judged.effects(name);
          if (effects.isEmpty() || LintContext.alwaysPasses(effects) || isAbsent(effects)) {
            return;
          }
          List<String> allowed =
              equivalents.getOrDefault(name, List.of()).stream()
                  .filter(other -> LintContext.alwaysPasses(judged.effects(other)))
                  .toList();
          if (!allowed.isEmpty()) {
            byRule
                .computeIfAbsent(rules.getFirst(), _ -> new ArrayList<>())
                .add(name + " (" + String.join(", ", allowed) + ")");
          }
        });
    List<Finding> found = new ArrayList<>();
    byRule.forEach((rule, calls) ->
        found.add(
            new Finding(
                Problem.EQUIVALENT_ALLOWED,
                rule.at(),
                "this rule restricts calls that have an allowed equivalent: "
                    + LintContext.list(calls))));
    return found;
  }

  /// Whether the call seems not to exist: ENOSYS, so that programs use an older one. That is no
  /// attempt to keep them from it.
  static boolean isAbsent(List<Effect> effects) {
    return effects.stream().allMatch(effect -> effect.verdict().equals(Verdict.ABSENT));
  }
}
