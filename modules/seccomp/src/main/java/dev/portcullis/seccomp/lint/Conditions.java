package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Conditions on arguments that never hold, that compare less than they say, or that runtimes take
/// apart.
final class Conditions implements Check {
  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    for (Rule rule : profile.rules()) {
      List<ArgumentCondition> never =
          rule.arguments().stream().filter(each -> each.example().isEmpty()).toList();
      rule.arguments().stream()
          .filter(Conditions::dropsBits)
          .map(each -> new Finding(Problem.VALUE_OUTSIDE_MASK, rule.at(), dropped(each)))
          .forEach(found::add);
      boolean repeated = ArgumentCondition.isRepeated(rule.arguments());
      if (repeated ? never.size() == rule.arguments().size() : !never.isEmpty()) {
        found.add(
            new Finding(
                Problem.NEVER_MATCHES,
                rule.at(),
                "this rule never matches: "
                    + never.stream().map(Conditions::text).collect(Collectors.joining(" and "))
                    + " matches no value"));
      } else if (repeated) {
        found.add(
            new Finding(
                Problem.REPEATED_ARGUMENT,
                rule.at(),
                "two conditions on one argument: runc and crun make a separate rule of each"
                    + " condition, so a call that meets one of them matches; to require both, use"
                    + " one SCMP_CMP_MASKED_EQ, or invert the rule"));
      }
    }
    return found;
  }

  private static boolean dropsBits(ArgumentCondition condition) {
    return switch (condition.operator()) {
      case MASKED_EQ -> condition.bits() != condition.valueTwo();
      case NE, LT, LE, EQ, GE, GT -> false;
    };
  }

  /// What is really compared. Where the mask would fit under the value, they are taken for
  /// exchanged: the manual of libseccomp had them the wrong way round once.
  private static String dropped(ArgumentCondition condition) {
    long mask = condition.value();
    boolean exchanged = (mask & ~condition.valueTwo()) == 0;
    return "argument "
        + condition.index()
        + ": `valueTwo` "
        + hex(condition.valueTwo())
        + " has bits outside the mask `value` "
        + hex(mask)
        + "; they are dropped, and the condition becomes argument & "
        + hex(mask)
        + " == "
        + hex(condition.bits())
        + (mask == 0 ? ", which matches every value" : "")
        + (exchanged
            ? "; the mask and the value seem to be swapped: `value` is the mask, `valueTwo` the"
                + " expected result"
            : "");
  }

  private static String text(ArgumentCondition condition) {
    return "argument "
        + condition.index()
        + " "
        + condition.operator().spelling()
        + " "
        + hex(condition.value());
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
