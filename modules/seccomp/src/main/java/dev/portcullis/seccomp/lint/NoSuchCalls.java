package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Calls that a rule restricts, and that an architecture of the profile does not have: libseccomp
/// leaves the rule out there in silence, while the call that does the same is allowed. The newer
/// architectures have no `mkdir` and no `open` (asm-generic/unistd.h,
/// `__ARCH_WANT_SYSCALL_DEPRECATED`).
final class NoSuchCalls implements FilterCheck {
  @Override
  public List<Finding> judge(LintContext judged) {
    Map<String, List<String>> equivalents = Equivalents.load();
    Map<ResolvedRule, List<String>> byRule = new LinkedHashMap<>();
    judged
        .effects()
        .forEach((architecture, there) -> {
          if (there.isEmpty()) {
            return;
          }
          judged
              .rules()
              .forEach((name, rules) -> {
                if (there.containsKey(name) || !isRestricted(judged, name, rules)) {
                  return;
                }
                List<String> allowed =
                    equivalents.getOrDefault(name, List.of()).stream()
                        .filter(
                            other -> LintContext.alwaysPasses(there.getOrDefault(other, List.of())))
                        .toList();
                if (!allowed.isEmpty()) {
                  byRule
                      .computeIfAbsent(rules.getFirst(), _ -> new ArrayList<>())
                      .add(text(name, architecture, allowed));
                }
              });
        });
    List<Finding> found = new ArrayList<>();
    byRule.forEach((rule, calls) ->
        found.add(
            new Finding(
                Problem.NO_SUCH_CALL,
                rule.at(),
                "this rule restricts calls that an architecture of this profile lacks, while their"
                    + " equivalents there are allowed: "
                    + LintContext.list(calls))));
    return found;
  }

  private static String text(String name, Architecture architecture, List<String> allowed) {
    return name
        + " on "
        + architecture.name().toLowerCase(Locale.ROOT)
        + " (equivalent there: "
        + String.join(", ", allowed)
        + ")";
  }

  /// On an architecture that has the call and runs programs at all; where none has it, by what the
  /// rules say.
  private static boolean isRestricted(LintContext judged, String name, List<ResolvedRule> rules) {
    List<List<Effect>> known =
        judged.effects().values().stream()
            .filter(there -> there.values().stream().anyMatch(LintContext::mayPass))
            .map(there -> there.getOrDefault(name, List.<Effect>of()))
            .filter(effects -> !effects.isEmpty())
            .toList();
    return known.isEmpty()
        ? rules.stream().anyMatch(rule -> !rule.outcome().action().letsThrough())
        : known.stream()
            .filter(effects -> LintContext.mayPass(effects) || !EquivalentCalls.isAbsent(effects))
            .anyMatch(effects -> !LintContext.alwaysPasses(effects));
  }
}
