package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `SystemCallFilter=` and what belongs to it, for a drop-in of a unit: systemd.exec(5).
final class Systemd {
  private static final int WIDTH = 100;

  /// "Implicitly allow-listed" by the manual; which calls tell the time and sleep, it leaves open.
  private static final List<String> IMPLIED =
      List.of(
          "clock_getres",
          "clock_gettime",
          "clock_nanosleep",
          "execve",
          "exit",
          "exit_group",
          "getrlimit",
          "gettimeofday",
          "nanosleep",
          "rt_sigreturn",
          "sigreturn",
          "time");

  /// CLONE_NEW* of linux/sched.h, and what `RestrictNamespaces=` calls it.
  private static final Map<Long, String> NAMESPACES = new LinkedHashMap<>();

  static {
    NAMESPACES.put(0x02000000L, "cgroup");
    NAMESPACES.put(0x08000000L, "ipc");
    NAMESPACES.put(0x40000000L, "net");
    NAMESPACES.put(0x00020000L, "mnt");
    NAMESPACES.put(0x20000000L, "pid");
    NAMESPACES.put(0x10000000L, "user");
    NAMESPACES.put(0x04000000L, "uts");
  }

  private Systemd() {}

  static String write(Profile profile, List<Loss> losses) {
    List<String> lines = new ArrayList<>();
    lines.add("# Made by portcullis profile convert.");
    lines.add("[Service]");
    Sets sets = Sets.of(profile, rule -> !namespaces(rule).isEmpty(), losses);
    Outcome byDefault = profile.defaultOutcome();
    architectures(profile).ifPresent(lines::add);
    if (sets.allowList()) {
      if (byDefault.action() == Action.ERRNO) {
        lines.add("SystemCallErrorNumber=" + byDefault.effectiveErrno());
      } else if (byDefault.action() != Action.KILL_PROCESS) {
        losses.add(
            new Loss(byDefault.at(), Loss.Effect.NEITHER, "what is denied kills the process"));
      }
    }
    List<String> names = new ArrayList<>();
    sets.names()
        .forEach((name, outcome) -> names.add(sets.allowList() ? name : name + suffix(outcome)));
    for (Rule rule : profile.rules()) {
      List<String> kinds = namespaces(rule);
      if (!kinds.isEmpty()) {
        if (sets.allowList()) {
          names.add("clone");
        }
        lines.add(
            "RestrictNamespaces="
                + (kinds.size() == NAMESPACES.size() ? "yes" : "~" + String.join(" ", kinds)));
        losses.add(
            new Loss(
                rule.at(),
                Loss.Effect.STRICTER,
                "clone: RestrictNamespaces= also keeps unshare and setns from these namespaces"));
      }
    }
    if (sets.allowList()) {
      Sets.otherDenials(profile, byDefault, losses);
      List<String> implied =
          IMPLIED.stream().filter(name -> !sets.names().containsKey(name)).toList();
      if (!implied.isEmpty()) {
        losses.add(
            new Loss(
                byDefault.at(),
                Loss.Effect.WEAKER,
                "systemd allows in any case: " + String.join(", ", implied)));
      }
    } else {
      killed(profile, losses);
    }
    if (sets.allowList() && names.isEmpty()) {
      // Without a name there would be no filter at all; this one is allowed in any case.
      names.add("exit");
    }
    lines.addAll(filter(names, sets.allowList() ? "" : "~"));
    return String.join("\n", lines) + "\n";
  }

  /// Lines of the filter; later ones add to the first.
  private static List<String> filter(List<String> names, String sign) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String name : names.stream().distinct().sorted().toList()) {
      if (!line.isEmpty() && line.length() + name.length() > WIDTH) {
        lines.add("SystemCallFilter=" + sign + line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(name);
    }
    if (!line.isEmpty()) {
      lines.add("SystemCallFilter=" + sign + line);
    }
    return lines;
  }

  private static String suffix(Outcome outcome) {
    return outcome.action() == Action.ERRNO ? ":" + outcome.effectiveErrno() : ":kill";
  }

  /// A list of what is denied has an errno for each call, and else kills the process.
  private static void killed(Profile profile, List<Loss> losses) {
    for (Rule rule : profile.rules()) {
      Action action = rule.outcome().action();
      if (action.denies() && action != Action.ERRNO && action != Action.KILL_PROCESS) {
        losses.add(
            new Loss(
                rule.at(),
                Loss.Effect.NEITHER,
                Sets.names(rule) + ": " + action.spelling() + " kills the process"));
      }
    }
  }

  /// The namespaces that a rule for clone denies; empty for other rules.
  private static List<String> namespaces(Rule rule) {
    if (rule.arguments().size() != 1
        || rule.outcome().action() != Action.ALLOW
        || rule.names().list().size() != 1
        || !rule.names().list().getFirst().name().equals("clone")) {
      return List.of();
    }
    ArgumentCondition condition = rule.arguments().getFirst();
    if (condition.operator() != Operator.MASKED_EQ
        || condition.index() != 0
        || condition.valueTwo() != 0) {
      return List.of();
    }
    List<String> kinds = new ArrayList<>();
    long rest = condition.value();
    for (Map.Entry<Long, String> each : NAMESPACES.entrySet()) {
      if ((rest & each.getKey()) != 0) {
        kinds.add(each.getValue());
        rest &= ~each.getKey();
      }
    }
    return rest == 0 ? kinds : List.of();
  }

  private static Optional<String> architectures(Profile profile) {
    return switch (profile.architectures()) {
      case Architectures.Listed(List<Architecture> list) ->
          Optional.of(
              "SystemCallArchitectures="
                  + String.join(
                      " ",
                      Stream.concat(Stream.of("native"), list.stream().map(Systemd::word))
                          .distinct()
                          .toList()));
      case Architectures.Mapped _ -> Optional.empty();
    };
  }

  /// As systemd spells it: the name with `-`, and `le` as a part of its own.
  private static String word(Architecture architecture) {
    return switch (architecture) {
      case AARCH64 -> "arm64";
      case X86_64 -> "x86-64";
      case MIPSEL -> "mips-le";
      case MIPSEL64 -> "mips64-le";
      case MIPSEL64N32 -> "mips64-le-n32";
      case MIPS64N32 -> "mips64-n32";
      case PPC64LE -> "ppc64-le";
      case X86,
          X32,
          ARM,
          LOONGARCH64,
          M68K,
          MIPS,
          MIPS64,
          PARISC,
          PARISC64,
          PPC,
          PPC64,
          RISCV64,
          S390,
          S390X,
          SH,
          SHEB ->
          architecture.name().toLowerCase(Locale.ROOT);
    };
  }
}
