package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.List;

/// Conditions of a rule, as the runtimes read them: of those of a rule with an argument twice, one
/// is enough.
final class ConditionCover {
  private ConditionCover() {}

  static boolean holds(List<ArgumentCondition> conditions, long[] arguments) {
    return ArgumentCondition.isRepeated(conditions)
        ? conditions.stream().anyMatch(each -> each.holds(arguments[each.index()]))
        : conditions.stream().allMatch(each -> each.holds(arguments[each.index()]));
  }
}
