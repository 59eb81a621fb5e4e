package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rules of a profile as runtimes give them to libseccomp: one name after the other.
final class LibseccompRules {
  /// Some seconds of libseccomp. What is left of so many is longer than the 4,096 instructions that
  /// the kernel takes.
  private static final int MOST_DIFFERENT = 10_000;

  /// Of all different rules together: where one looks at an argument twice, each of its conditions
  /// becomes a rule. Others have no more than six, one for each argument.
  private static final int MOST_CONDITIONS = 6 * MOST_DIFFERENT;

  private record Entry(SyscallName name, ResolvedRule rule) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<SyscallName> skipped = new ArrayList<>();
  private final int defaultAction;
  private final Libseccomp library;

  LibseccompRules(ResolvedProfile profile, Libseccomp library) {
    this.library = library;
    defaultAction = LibseccompConstants.of(profile.defaultOutcome());
    for (ResolvedRule rule : profile.rules()) {
      for (SyscallName name : rule.names()) {
        entries.add(new Entry(name, rule));
        if (number(0, name) == Libseccomp.UNKNOWN) {
          skipped.add(name);
        }
      }
    }
  }

  /// How many there are, whatever becomes of them.
  int size() {
    return entries.size();
  }

  int defaultAction() {
    return defaultAction;
  }

  /// How many conditions the rule has that has most.
  int mostConditions() {
    return entries.stream().mapToInt(each -> each.rule().arguments().size()).max().orElse(0);
  }

  List<SyscallName> skipped() {
    return skipped;
  }

  /// The highest number that a name of any rule has on an architecture; 0 where none has one.
  int highestNumber(int architecture) {
    int highest = 0;
    for (Entry entry : entries) {
      highest = Math.max(highest, number(architecture, entry.name()));
    }
    return highest;
  }

  private int number(int architecture, SyscallName name) {
    return SyscallName.canBeLookedUp(name.name())
        ? library.number(architecture, name.name())
        : Libseccomp.UNKNOWN;
  }

  /// What libseccomp is told because of an entry.
  ///
  /// @param name that stands for it in the profile
  record Told(Ruleset.Entry entry, SyscallName name) {}

  /// What it is told. A rule that does what the default does is left out: libseccomp would refuse
  /// it. One that is there already changes nothing, and is not added again: libseccomp takes the
  /// square of the time for more rules.
  ///
  /// @param most how many conditions of a rule count; what stands behind them is passed over
  List<Told> told(int most) throws TooManyRulesException {
    List<Told> told = new ArrayList<>();
    Set<Ruleset.Entry> different = new HashSet<>();
    int all = 0;
    for (Entry entry : entries) {
      int action = LibseccompConstants.of(entry.rule().outcome());
      int number = number(0, entry.name());
      if (action == defaultAction || number == Libseccomp.UNKNOWN) {
        continue;
      }
      List<ArgumentCondition> conditions = entry.rule().arguments();
      Ruleset.Entry whole =
          new Ruleset.Entry(
              action, number, conditions.stream().map(LibseccompConstants::of).toList());
      if (!different.add(whole)) {
        continue;
      }
      all += conditions.size();
      if (different.size() > MOST_DIFFERENT || all > MOST_CONDITIONS) {
        throw new TooManyRulesException(
            "more than "
                + MOST_DIFFERENT
                + " different rules, or "
                + MOST_CONDITIONS
                + " conditions in them; the kernel accepts no filter of that size");
      }
      for (Ruleset.Entry each : asTold(whole, conditions, most)) {
        told.add(new Told(each, entry.name()));
      }
    }
    return told;
  }

  /// Where the rule stands that libseccomp does not take.
  String place(int most, int entry) throws TooManyRulesException {
    SyscallName name = told(most).get(entry).name();
    return name.at() + ": " + name.name() + ": ";
  }

  /// Conditions on the same argument twice: runc and crun make of each condition a rule of its own,
  /// so that one of them is enough ("old behaviour", from the times of libseccomp 2.2, which took
  /// one condition for an argument).
  private static List<Ruleset.Entry> asTold(
      Ruleset.Entry whole, List<ArgumentCondition> written, int most) {
    List<Ruleset.Condition> conditions = whole.conditions().stream().limit(most).toList();
    if (!ArgumentCondition.isRepeated(written.subList(0, conditions.size()))) {
      return List.of(new Ruleset.Entry(whole.action(), whole.number(), conditions));
    }
    return conditions.stream()
        .map(each -> new Ruleset.Entry(whole.action(), whole.number(), List.of(each)))
        .toList();
  }
}
