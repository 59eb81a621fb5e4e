package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.ArrayList;
import java.util.List;

/// Conditions on what every container needs to start, and calls of that kind that wait for somebody
/// else. What is denied without a condition is found by {@link DeniesEssentials}.
final class Essentials implements FilterCheck {
  @Override
  public List<Finding> judge(LintContext judged) {
    List<String> asked = new ArrayList<>();
    List<String> byArguments = new ArrayList<>();
    for (String name : DeniesEssentials.ESSENTIAL) {
      List<Effect> effects = judged.effects(name);
      if (effects.stream().anyMatch(effect -> effect.verdict().kind() == Kind.USER_NOTIF)) {
        asked.add(name);
      } else if (effects.size() > 1 && !LintContext.alwaysPasses(effects)) {
        byArguments.add(name);
      }
    }
    List<Finding> found = new ArrayList<>();
    if (!asked.isEmpty()) {
      found.add(
          new Finding(
              Problem.NOTIFY_ESSENTIAL,
              judged.profile().defaultOutcome().at(),
              "the listener decides calls that nearly every container needs to start: "
                  + String.join(", ", asked)
                  + "; if it does not answer, no container starts"));
    }
    if (!byArguments.isEmpty()) {
      found.add(
          new Finding(
              Problem.DENIES_ESSENTIALS,
              judged.profile().defaultOutcome().at(),
              "this profile denies, for some arguments, calls that nearly every container needs to"
                  + " start: "
                  + String.join(", ", byArguments)));
    }
    return found;
  }
}
