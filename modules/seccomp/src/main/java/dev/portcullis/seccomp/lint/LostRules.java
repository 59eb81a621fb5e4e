package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules that libseccomp took and that are not in the filter: it loses some where several rules for
/// one call have conditions on different arguments (2.5.4). Each rule is tried with a call that it
/// and no rule of another outcome is about.
final class LostRules implements FilterCheck {
  private static final int MOST = 20;

  /// Rules for one call that are held against each other; more are not looked at.
  private static final int MOST_RULES = 100;

  @Override
  public List<Finding> judge(LintContext judged) {
    Map<String, Integer> numbers = new HashMap<>();
    judged.table().of(judged.machine()).forEach((number, name) -> numbers.put(name, number));
    List<Finding> found = new ArrayList<>();
    judged
        .rules()
        .forEach((name, rules) -> {
          Integer number = numbers.get(name);
          if (number == null || rules.size() < 2 || rules.size() > MOST_RULES) {
            return;
          }
          for (ResolvedRule rule : rules) {
            for (long[] arguments : tries(rule)) {
              Call call = Call.of(judged.machine().token(), number, arguments);
              if (found.size() < MOST && isAlone(rule, rules, arguments)) {
                Verdict verdict = judged.filters().run(call);
                if (!isKind(rule, verdict.kind())) {
                  found.add(finding(name, rule, call, verdict));
                }
              }
            }
          }
        });
    return found;
  }

  private static List<long[]> tries(ResolvedRule rule) {
    List<long[]> tries = new ArrayList<>();
    if (ArgumentCondition.isRepeated(rule.arguments())) {
      for (ArgumentCondition condition : rule.arguments()) {
        with(List.of(condition)).ifPresent(tries::add);
      }
    } else {
      with(rule.arguments()).ifPresent(tries::add);
    }
    return tries;
  }

  private static Optional<long[]> with(List<ArgumentCondition> conditions) {
    long[] arguments = new long[Call.ARGUMENTS];
    for (ArgumentCondition condition : conditions) {
      Optional<Long> value = condition.example();
      if (value.isEmpty()) {
        return Optional.empty();
      }
      arguments[condition.index()] = value.get();
    }
    return Optional.of(arguments);
  }

  private static boolean isAlone(ResolvedRule rule, List<ResolvedRule> rules, long[] arguments) {
    return rules.stream()
        .allMatch(other ->
            other.outcome().sameAs(rule.outcome())
                || !ConditionCover.holds(other.arguments(), arguments));
  }

  private static boolean isKind(ResolvedRule rule, Kind kind) {
    return kind
        == switch (rule.outcome().action()) {
          case KILL, KILL_THREAD -> Kind.KILL_THREAD;
          case KILL_PROCESS -> Kind.KILL_PROCESS;
          case TRAP -> Kind.TRAP;
          case ERRNO -> Kind.ERRNO;
          case TRACE -> Kind.TRACE;
          case ALLOW -> Kind.ALLOW;
          case LOG -> Kind.LOG;
          case NOTIFY -> Kind.USER_NOTIF;
        };
  }

  private static Finding finding(String name, ResolvedRule rule, Call call, Verdict verdict) {
    return new Finding(
        Problem.RULE_LOST,
        rule.at(),
        "libseccomp loses this rule for "
            + name
            + ": "
            + LintContext.call(name, call)
            + " is "
            + verdict
            + "; use the same arguments in the conditions of all rules for one call");
  }
}
