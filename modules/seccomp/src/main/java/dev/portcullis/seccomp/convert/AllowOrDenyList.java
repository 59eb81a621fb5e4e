package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/// A profile for forms that have no conditions on arguments: what happens to a call by its name
/// alone. What is allowed for some arguments is denied for all.
///
/// @param byDefault what happens to the others
/// @param passing calls that rules let through, and whether they are logged
/// @param denied calls that rules deny, and how
record AllowOrDenyList(
    Outcome byDefault, Map<String, Outcome> passing, Map<String, Outcome> denied) {

  /// Makes them of a plain profile.
  ///
  /// @param expressed names of rules that the form has by other means
  static AllowOrDenyList of(
      ResolvedProfile profile, BiPredicate<ResolvedRule, String> expressed, List<Loss> losses) {
    Outcome byDefault = answered(profile.defaultOutcome(), "the default", losses);
    AllowOrDenyList sets = new AllowOrDenyList(byDefault, new TreeMap<>(), new TreeMap<>());
    for (boolean denials : new boolean[] {false, true}) {
      for (ResolvedRule rule : profile.rules()) {
        if (rule.outcome().action().letsThrough() != denials) {
          sets.add(rule, expressed, losses);
        }
      }
    }
    return sets;
  }

  /// Whether only what is named passes.
  boolean allowList() {
    return !byDefault.action().letsThrough();
  }

  private void add(
      ResolvedRule rule, BiPredicate<ResolvedRule, String> expressed, List<Loss> losses) {
    List<String> names =
        rule.names().stream()
            .map(SyscallName::name)
            .filter(name -> !expressed.test(rule, name))
            .toList();
    if (names.isEmpty()) {
      return;
    }
    boolean conditional = !rule.arguments().isEmpty();
    Outcome outcome = answered(rule.outcome(), names(names), losses);
    boolean passes = outcome.action().letsThrough();
    if (conditional && (!passes || allowList())) {
      losses.add(
          new Loss(
              rule.at(),
              Loss.Effect.STRICTER,
              names(names) + ": the conditions on arguments are lost; denied for all arguments"));
    } else if (conditional && outcome.action() != byDefault.action()) {
      losses.add(
          new Loss(
              rule.at(),
              Loss.Effect.NEITHER,
              names(names) + ": the conditions on arguments are lost; logged for all arguments"));
    }
    for (String name : names) {
      if (!passes) {
        if (passing.remove(name) != null && allowList() && !conditional) {
          losses.add(
              new Loss(
                  rule.at(),
                  Loss.Effect.STRICTER,
                  name + ": denied, although another rule allows it"));
        }
        // Of two rules that contradict each other libseccomp keeps the first.
        denied.putIfAbsent(name, outcome);
      } else if (!conditional || !allowList()) {
        passing.putIfAbsent(name, outcome);
      }
    }
  }

  /// Other forms cannot ask a listener or a tracer: they do what the kernel does where there is
  /// neither, which is ENOSYS (seccomp(2)).
  static Outcome answered(Outcome outcome, String what, List<Loss> losses) {
    return switch (outcome.action()) {
      case TRACE, NOTIFY -> {
        losses.add(
            new Loss(
                outcome.at(),
                Loss.Effect.STRICTER,
                what
                    + ": "
                    + outcome.action().spelling()
                    + " is lost: no process is asked, and the call fails with ENOSYS"));
        yield new Outcome(outcome.at(), Action.ERRNO, Errno.ENOSYS);
      }
      case KILL, KILL_THREAD, KILL_PROCESS, TRAP, ERRNO, ALLOW, LOG -> outcome;
    };
  }

  /// Names what is logged, for forms that log nothing.
  void nothingIsLogged(List<Loss> losses) {
    if (byDefault.action() == Action.LOG) {
      losses.add(
          new Loss(
              byDefault.at(),
              Loss.Effect.NEITHER,
              "SCMP_ACT_LOG as the default action: nothing is logged"));
    }
    passing.forEach((name, outcome) -> {
      if (outcome.action() == Action.LOG) {
        losses.add(new Loss(outcome.at(), Loss.Effect.NEITHER, name + ": nothing is logged"));
      }
    });
  }

  /// Names the calls that are denied in another way than all that is denied is denied.
  void otherDenials(Outcome denial, List<Loss> losses) {
    denied.forEach((name, outcome) -> {
      if (!outcome.sameAs(denial)) {
        losses.add(
            new Loss(
                outcome.at(),
                Loss.Effect.NEITHER,
                name + ": denied with the same action as all other calls, not with its own"));
      }
    });
  }

  static String names(List<String> names) {
    return names.size() <= 6
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 6)) + " and " + (names.size() - 6) + " more";
  }

  static String names(ResolvedRule rule) {
    return names(rule.names().stream().map(SyscallName::name).toList());
  }
}
