package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.List;

/// What a profile says by its text, for profiles in which each call is named by one rule, or by
/// rules that do not contradict each other. Shares no code with what is judged.
final class WrittenProfile {
  private WrittenProfile() {}

  /// The profile as a person reads it.
  static Verdict verdict(Profile profile, String name, long[] arguments) {
    for (Rule rule : profile.rules()) {
      List<ArgumentCondition> conditions = rule.arguments();
      boolean repeated =
          conditions.stream().map(ArgumentCondition::index).distinct().count() < conditions.size();
      boolean applies =
          repeated
              ? conditions.stream().anyMatch(each -> holds(each, arguments))
              : conditions.stream().allMatch(each -> holds(each, arguments));
      if (names(rule, name) && applies) {
        return verdict(rule.outcome());
      }
    }
    return verdict(profile.defaultOutcome());
  }

  private static boolean names(Rule rule, String name) {
    return rule.names().list().stream().anyMatch(each -> each.name().equals(name));
  }

  private static boolean holds(ArgumentCondition condition, long[] arguments) {
    long is = arguments[condition.index()];
    int order = Long.compareUnsigned(is, condition.value());
    return switch (condition.operator()) {
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case EQ -> order == 0;
      case GE -> order >= 0;
      case GT -> order > 0;
      // libseccomp drops bits that the mask has not
      case MASKED_EQ -> (is & condition.value()) == (condition.valueTwo() & condition.value());
    };
  }

  static Verdict verdict(Outcome outcome) {
    return switch (outcome.action()) {
      case KILL, KILL_THREAD -> new Verdict(Kind.KILL_THREAD, 0);
      case KILL_PROCESS -> new Verdict(Kind.KILL_PROCESS, 0);
      case TRAP -> new Verdict(Kind.TRAP, 0);
      case ERRNO -> new Verdict(Kind.ERRNO, outcome.effectiveErrno());
      case NOTIFY -> new Verdict(Kind.USER_NOTIF, 0);
      case TRACE -> new Verdict(Kind.TRACE, outcome.effectiveErrno());
      case LOG -> new Verdict(Kind.LOG, 0);
      case ALLOW -> new Verdict(Kind.ALLOW, 0);
    };
  }

  /// Whether a rule for a call has an argument twice.
  static boolean repeats(Profile profile, String name) {
    return profile.rules().stream()
        .filter(rule -> names(rule, name))
        .map(Rule::arguments)
        .anyMatch(
            each -> each.stream().map(ArgumentCondition::index).distinct().count() < each.size());
  }
}
