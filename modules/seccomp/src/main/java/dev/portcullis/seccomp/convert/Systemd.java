package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `SystemCallFilter=` and what belongs to it, for a drop-in of a unit: systemd.exec(5), 248 and
/// later.
///
/// What the unit said before is taken back first: systemd adds lists together, and a list of what
/// is allowed becomes one of exceptions where the first one begins with `~`.
final class Systemd {
  private static final int WIDTH = 100;

  private final ResolvedProfile profile;
  private final List<Loss> losses;
  private final @Nullable Families families;
  private final AllowOrDenyList sets;

  private Systemd(ResolvedProfile profile, Architecture machine, List<Loss> losses) {
    this.profile = profile;
    this.losses = losses;
    families = Families.isRestrictedOn(machine) ? Families.of(profile) : null;
    sets =
        AllowOrDenyList.of(
            profile,
            (rule, name) -> namespaces(rule) != null || (families != null && name.equals("socket")),
            losses);
  }

  /// @param machine what the unit is for
  static String write(ResolvedProfile profile, Architecture machine, List<Loss> losses) {
    List<String> lines = new ArrayList<>();
    lines.add("# Made by portcullis profile convert, for systemd 248 and later.");
    lines.add("[Service]");
    Systemd unit = new Systemd(profile, machine, losses);
    lines.addAll(unit.architectures());
    lines.addAll(unit.sets.allowList() ? unit.whatIsAllowed() : unit.whatIsDenied());
    lines.addAll(unit.whatIsLogged());
    for (ResolvedRule rule : profile.rules()) {
      Namespaces namespaces = unit.namespaces(rule);
      if (namespaces != null) {
        lines.add(namespaces.line(profile.defaultOutcome(), losses));
      }
    }
    if (unit.families != null) {
      lines.addAll(unit.families.lines(losses));
    }
    return String.join("\n", lines) + "\n";
  }

  /// Where the default lets calls through, a rule that allows some restricts nothing.
  private @Nullable Namespaces namespaces(ResolvedRule rule) {
    return profile.defaultOutcome().action().letsThrough() ? null : Namespaces.of(rule);
  }

  /// systemd puts `@default` into every list of what is allowed, and that set grows from version to
  /// version: it is taken out again before the calls of the profile are put in.
  private List<String> whatIsAllowed() {
    Outcome byDefault = sets.byDefault();
    String otherwise = answer(byDefault);
    List<String> lines = new ArrayList<>();
    lines.add("SystemCallErrorNumber=" + otherwise);
    killed("what is denied", byDefault);
    lines.add("SystemCallFilter=");
    lines.add("SystemCallFilter=@default");
    lines.add("SystemCallFilter=~@default");
    TreeSet<String> allowed = new TreeSet<>(sets.passing().keySet());
    for (ResolvedRule rule : profile.rules()) {
      if (namespaces(rule) != null) {
        allowed.add("clone");
      }
    }
    allowed.removeAll(sets.denied().keySet());
    if (families != null) {
      allowed.add("socket");
    }
    lines.addAll(list("SystemCallFilter=", allowed));
    // An answer like that of the others is no rule of its own: libseccomp refuses one.
    lines.addAll(
        list(
            "SystemCallFilter=~",
            denials().filter(each -> !each.endsWith(":" + otherwise)).toList()));
    return lines;
  }

  private List<String> whatIsDenied() {
    List<String> lines = new ArrayList<>(List.of("SystemCallFilter="));
    lines.addAll(list("SystemCallFilter=~", denials().toList()));
    return lines;
  }

  private Stream<String> denials() {
    sets.denied().forEach(this::killed);
    return sets.denied().entrySet().stream()
        .map(each -> each.getKey() + ":" + answer(each.getValue()));
  }

  private static String answer(Outcome outcome) {
    return outcome.action() == Action.ERRNO ? "" + outcome.effectiveErrno() : "kill";
  }

  private void killed(String what, Outcome outcome) {
    Action action = outcome.action();
    if (action != Action.ERRNO && action != Action.KILL_PROCESS) {
      losses.add(
          new Loss(
              outcome.at(),
              Loss.Effect.NEITHER,
              what + ": " + action.spelling() + " kills the process"));
    }
  }

  /// A filter of its own, whose answer the kernel takes where the others allow.
  private List<String> whatIsLogged() {
    List<String> lines = new ArrayList<>();
    if (sets.byDefault().action() == Action.LOG) {
      TreeSet<String> silent = new TreeSet<>(sets.denied().keySet());
      sets.passing().entrySet().stream()
          .filter(each -> each.getValue().action() == Action.ALLOW)
          .map(Map.Entry::getKey)
          .forEach(silent::add);
      lines.add("SystemCallLog=");
      if (silent.isEmpty()) {
        lines.add("SystemCallLog=@known");
        losses.add(
            new Loss(
                sets.byDefault().at(),
                Loss.Effect.NEITHER,
                "SCMP_ACT_LOG as the default action: calls that systemd does not know are not"
                    + " logged"));
      } else {
        lines.addAll(list("SystemCallLog=~", silent));
      }
      return lines;
    }
    List<String> logged =
        sets.passing().entrySet().stream()
            .filter(each -> each.getValue().action() == Action.LOG)
            .map(Map.Entry::getKey)
            .toList();
    if (!logged.isEmpty()) {
      lines.add("SystemCallLog=");
      lines.addAll(list("SystemCallLog=", logged));
    }
    return lines;
  }

  /// Lines of a setting; later ones add to the first.
  private static List<String> list(String setting, Collection<String> names) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      if (!line.isEmpty() && line.length() + name.length() > WIDTH) {
        lines.add(setting + line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(name);
    }
    if (!line.isEmpty()) {
      lines.add(setting + line);
    }
    return lines;
  }

  private List<String> architectures() {
    List<String> words = new ArrayList<>(List.of("native"));
    for (Architecture architecture : profile.architectures()) {
      if (families == null || Families.isRestrictedOn(architecture)) {
        words.add(architecture.systemdName());
      } else {
        losses.add(
            new Loss(
                profile.defaultOutcome().at(),
                Loss.Effect.STRICTER,
                architecture.spelling()
                    + ": its programs cannot run, because RestrictAddressFamilies= does not apply"
                    + " to them"));
      }
    }
    return List.of(
        "SystemCallArchitectures=",
        "SystemCallArchitectures=" + String.join(" ", words.stream().distinct().toList()));
  }
}
