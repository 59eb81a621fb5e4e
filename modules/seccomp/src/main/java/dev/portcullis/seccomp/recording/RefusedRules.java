package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a recorded profile says of calls that were refused while it was recorded: programs have
/// seen their errno, and go on by it.
final class RefusedRules {
  /// EPERM: what the profile answers to all that it does not allow.
  static final int USUAL = 1;

  private final Map<String, Set<Integer>> errnos = new TreeMap<>();

  RefusedRules(List<RefusedCall> calls) {
    for (RefusedCall refused : calls) {
      if (!refused.call().name().isEmpty()) {
        errnos
            .computeIfAbsent(refused.call().name(), _ -> new LinkedHashSet<>())
            .add(refused.errno());
      }
    }
  }

  /// Whether it was refused, and never let through: nothing may add it.
  boolean holds(String name, AllowedCalls allowed) {
    return errnos.containsKey(name) && !allowed.names(name);
  }

  /// One for each errno but the usual one.
  ///
  /// @param others that have a rule already
  List<ResolvedRule> rules(AllowedCalls allowed, Set<String> others) {
    Map<Integer, Set<String>> names = new TreeMap<>();
    errnos.forEach((name, each) -> {
      int errno = each.iterator().next();
      if (errno != USUAL && !allowed.names(name) && !others.contains(name)) {
        names.computeIfAbsent(errno, _ -> new TreeSet<>()).add(name);
      }
    });
    List<ResolvedRule> rules = new ArrayList<>();
    names.forEach((errno, of) ->
        rules.add(
            RecordedProfile.rule(
                List.copyOf(of), new Outcome(Position.NONE, Action.ERRNO, errno), List.of())));
    return rules;
  }

  /// Where the profile does something else than what refused them.
  List<String> remarks(AllowedCalls allowed) {
    List<String> remarks = new ArrayList<>();
    errnos.forEach((name, each) -> {
      if (allowed.allows(name, List.of())) {
        remarks.add(
            name + " was refused for some arguments, and the profile allows it for all of them");
      } else if (allowed.names(name) && !each.equals(Set.of(USUAL))) {
        remarks.add(
            name
                + " was refused with "
                + Errno.name(each.iterator().next()).orElse("another errno")
                + " for some arguments, and the profile refuses it with EPERM");
      }
    });
    return remarks;
  }
}
