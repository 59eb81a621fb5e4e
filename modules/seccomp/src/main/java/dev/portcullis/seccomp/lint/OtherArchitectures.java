package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.MultiplexedCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What programs of another architecture may do on this machine: more than its own, or nothing.
final class OtherArchitectures implements FilterCheck {
  @Override
  public List<Finding> judge(LintContext judged) {
    List<Finding> found = new ArrayList<>();
    List<String> killed = new ArrayList<>();
    for (Architecture other : judged.machine().companions()) {
      Map<String, List<Effect>> there = judged.effects().getOrDefault(other, Map.of());
      if (there.values().stream().noneMatch(LintContext::mayPass)) {
        killed.add(word(other));
        continue;
      }
      List<String> weaker = weaker(judged, other, there);
      if (!weaker.isEmpty()) {
        found.add(
            new Finding(
                Problem.WEAKER_ARCHITECTURE,
                judged.profile().defaultOutcome().at(),
                "programs of "
                    + word(other)
                    + " may use calls that programs of "
                    + word(judged.machine())
                    + " may not use: "
                    + LintContext.list(weaker)));
      }
    }
    if (!killed.isEmpty()) {
      found.add(
          new Finding(
              Problem.ARCHITECTURE_NOT_COVERED,
              judged.profile().defaultOutcome().at(),
              "programs of "
                  + String.join(" and ", killed)
                  + " cannot run: all their calls are denied"));
    }
    return found;
  }

  private static List<String> weaker(
      LintContext judged, Architecture other, Map<String, List<Effect>> there) {
    List<String> weaker = new ArrayList<>();
    there.forEach((name, effects) -> {
      if (!LintContext.mayPass(effects)) {
        return;
      }
      List<Effect> here = judged.effects(name);
      if (!here.isEmpty() && !LintContext.mayPass(here)) {
        weaker.add(name);
      }
      List<String> restricted =
          MultiplexedCalls.behind(name).entrySet().stream()
              .filter(each -> !judged.effects(each.getKey()).isEmpty())
              .filter(each -> !LintContext.alwaysPasses(judged.effects(each.getKey())))
              .filter(each -> passes(judged, other, name, each.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      if (!restricted.isEmpty()) {
        weaker.add(name + " (for " + String.join(", ", restricted) + ")");
      }
    });
    return weaker;
  }

  private static boolean passes(LintContext judged, Architecture other, String name, int which) {
    return judged.table().of(other).entrySet().stream()
        .filter(each -> each.getValue().equals(name))
        .map(each -> judged.filters().run(Call.of(other.token(), each.getKey(), which)))
        .anyMatch(verdict -> verdict.kind().passes());
  }

  private static String word(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }
}
