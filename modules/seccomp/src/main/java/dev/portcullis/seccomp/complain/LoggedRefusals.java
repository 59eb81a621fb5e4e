package dev.portcullis.seccomp.complain;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A profile with its refusals turned into `SCMP_ACT_LOG`, rule by rule.
///
/// What has a rule with ENOSYS stays: programs take such a call for one that the kernel does not
/// have, and go another way, which is the one to look at. A default of ENOSYS does not stay.
final class LoggedRefusals {

  private LoggedRefusals() {}

  /// Makes it. Rules that then do what the default does are left out: libseccomp takes none.
  ///
  /// @param kept names whose rules stay as they are
  static ResolvedProfile of(ResolvedProfile origin, Set<String> kept) {
    Outcome byDefault = logged(origin.defaultOutcome());
    List<ResolvedRule> rules = new ArrayList<>();
    for (ResolvedRule whole : origin.rules()) {
      List<SyscallName> same =
          whole.names().stream().filter(name -> kept.contains(name.name())).toList();
      if (!same.isEmpty() && !whole.outcome().sameAs(origin.defaultOutcome())) {
        rules.add(with(whole, same, whole.outcome()));
      }
      List<SyscallName> others =
          whole.names().stream().filter(name -> !kept.contains(name.name())).toList();
      if (others.isEmpty()) {
        continue;
      }
      ResolvedRule rule = with(whole, others, whole.outcome());
      boolean absent = isAbsent(rule);
      List<SyscallName> names =
          absent && rule.outcome().sameAs(origin.defaultOutcome())
              ? others.stream().filter(name -> isAlone(name, origin)).toList()
              : others;
      Outcome outcome = absent ? rule.outcome() : logged(rule.outcome());
      if (!names.isEmpty() && !outcome.sameAs(byDefault)) {
        rules.add(with(rule, names, outcome));
      }
    }
    return new ResolvedProfile(
        byDefault, origin.architectures(), origin.flags(), origin.listener(), rules);
  }

  private static ResolvedRule with(ResolvedRule rule, List<SyscallName> names, Outcome outcome) {
    return new ResolvedRule(rule.at(), names, outcome, rule.arguments(), rule.comment());
  }

  /// The names that seem to be absent from the kernel, in the order of the rules.
  static List<String> absent(ResolvedProfile profile) {
    return profile.rules().stream()
        .filter(LoggedRefusals::isAbsent)
        .flatMap(rule -> rule.names().stream())
        .map(SyscallName::name)
        .distinct()
        .toList();
  }

  private static boolean isAbsent(ResolvedRule rule) {
    return rule.outcome().action() == Action.ERRNO
        && rule.outcome().effectiveErrno() == Errno.ENOSYS;
  }

  /// Whether no other rule has the name: only then a rule that did nothing beside the default may
  /// do something now.
  private static boolean isAlone(SyscallName name, ResolvedProfile profile) {
    return profile.rules().stream()
            .filter(rule -> rule.names().stream().anyMatch(each -> each.name().equals(name.name())))
            .count()
        == 1;
  }

  /// `SCMP_ACT_TRACE` refuses, too, where there is no tracer.
  private static Outcome logged(Outcome outcome) {
    return outcome.action().denies() || outcome.action() == Action.TRACE
        ? new Outcome(outcome.at(), Action.LOG, null)
        : outcome;
  }
}
