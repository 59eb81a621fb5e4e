package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What programs of another architecture may do on this machine: more than its own, or nothing.
final class OtherArchitectures implements FilterCheck {
  /// One call for many, whose first argument says which; the others lie behind a pointer that no
  /// filter can read (linux/net.h, linux/ipc.h).
  private static final Map<String, Map<String, Integer>> MULTIPLEXED =
      Map.of(
          "socketcall",
          Map.of(
              "socket", 1, "bind", 2, "connect", 3, "listen", 4, "accept", 5, "sendto", 11,
              "sendmsg", 16),
          "ipc",
          Map.of("semop", 1, "semget", 2, "msgsnd", 11, "msgget", 13, "shmat", 21, "shmget", 23));

  @Override
  public List<Finding> judge(LintContext judged) {
    List<Finding> found = new ArrayList<>();
    List<String> killed = new ArrayList<>();
    for (Architecture other : companions(judged.machine())) {
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
          new TreeMap<>(MULTIPLEXED.getOrDefault(name, Map.of()))
              .entrySet().stream()
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

  /// What else a kernel of this architecture runs.
  private static List<Architecture> companions(Architecture machine) {
    return switch (machine) {
      case X86_64 -> List.of(Architecture.X86, Architecture.X32);
      case AARCH64 -> List.of(Architecture.ARM);
      case X86,
          X32,
          ARM,
          LOONGARCH64,
          M68K,
          MIPS,
          MIPS64,
          MIPS64N32,
          MIPSEL,
          MIPSEL64,
          MIPSEL64N32,
          PARISC,
          PARISC64,
          PPC,
          PPC64,
          PPC64LE,
          RISCV64,
          S390,
          S390X,
          SH,
          SHEB ->
          List.of();
    };
  }

  private static String word(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }
}
