package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Conditions on arguments that never hold, or that runtimes take apart.
final class Conditions implements Check {
  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    for (Rule rule : profile.rules()) {
      List<ArgumentCondition> never =
          rule.arguments().stream().filter(each -> each.example().isEmpty()).toList();
      boolean repeated = Matching.isRepeated(rule.arguments());
      if (repeated ? never.size() == rule.arguments().size() : !never.isEmpty()) {
        found.add(
            new Finding(
                Problem.NEVER_MATCHES,
                rule.at(),
                "this rule never matches: "
                    + never.stream().map(Conditions::text).collect(Collectors.joining(" and "))
                    + " holds for no value"));
      } else if (repeated) {
        found.add(
            new Finding(
                Problem.REPEATED_ARGUMENT,
                rule.at(),
                "two conditions on one argument: runc and crun make a rule of each condition of"
                    + " this rule, so that one is enough; for both, use one SCMP_CMP_MASKED_EQ, or"
                    + " turn the rule around"));
      }
    }
    return found;
  }

  private static String text(ArgumentCondition condition) {
    return "argument "
        + condition.index()
        + " "
        + condition.operator().spelling()
        + " 0x"
        + Long.toHexString(condition.value())
        + switch (condition.operator()) {
          case MASKED_EQ -> " to 0x" + Long.toHexString(condition.valueTwo());
          case NE, LT, LE, EQ, GE, GT -> "";
        };
  }
}
