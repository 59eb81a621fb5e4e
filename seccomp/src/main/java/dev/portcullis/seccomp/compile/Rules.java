package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.libseccomp.Comparison;
import dev.portcullis.seccomp.libseccomp.FilterContext;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.libseccomp.LibseccompException;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules of a profile as runtimes give them to libseccomp: one name after the other.
final class Rules {
  /// What is no name is not looked up: a C string ends at its first NUL.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");

  private static final int CRUN_CONDITIONS = 6;

  /// Some seconds of libseccomp. What is left of so many is longer than the 4,096 instructions that
  /// the kernel takes.
  private static final int MOST_DIFFERENT = 10_000;

  private record Entry(SyscallName name, Rule rule) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<SyscallName> skipped = new ArrayList<>();
  private final int defaultAction;
  private final Libseccomp library;

  Rules(Profile profile, Libseccomp library) {
    this.library = library;
    defaultAction = Values.of(profile.defaultOutcome());
    for (Rule rule : profile.rules()) {
      for (SyscallName name : rule.names().list()) {
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

  boolean haveMoreThanSixConditions() {
    return entries.stream().anyMatch(each -> each.rule().arguments().size() > CRUN_CONDITIONS);
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
    return NAME.matcher(name.name()).matches()
        ? library.number(architecture, name.name())
        : Libseccomp.UNKNOWN;
  }

  /// What libseccomp is told of an entry.
  private record Added(int number, int action, List<ArgumentCondition> conditions) {}

  /// Adds them. A rule that does what the default does is left out: libseccomp would refuse it. One
  /// that is there already changes nothing, and is not added again: libseccomp takes the square of
  /// the time for more rules.
  ///
  /// @param sixConditions of a rule are enough, as for crun
  void addTo(FilterContext context, boolean sixConditions) throws LibseccompException {
    Set<Added> added = new HashSet<>();
    for (Entry entry : entries) {
      int action = Values.of(entry.rule().outcome());
      int number = number(0, entry.name());
      if (action == defaultAction || number == Libseccomp.UNKNOWN) {
        continue;
      }
      if (!added.add(new Added(number, action, entry.rule().arguments()))) {
        continue;
      }
      if (added.size() > MOST_DIFFERENT) {
        throw new LibseccompException(
            "more than "
                + MOST_DIFFERENT
                + " different rules; the kernel takes no filter of so many");
      }
      try {
        add(context, action, number, entry.rule().arguments(), sixConditions);
      } catch (LibseccompException refused) {
        throw refused.about(entry.name().at() + ": " + entry.name().name());
      }
    }
  }

  private void add(
      FilterContext context,
      int action,
      int number,
      List<ArgumentCondition> conditions,
      boolean sixConditions)
      throws LibseccompException {
    List<Comparison> comparisons =
        conditions.stream()
            .limit(sixConditions ? CRUN_CONDITIONS : Long.MAX_VALUE)
            .map(Values::of)
            .toList();
    if (!repeats(conditions)) {
      context.add(action, number, comparisons);
      return;
    }
    for (Comparison comparison : comparisons) {
      context.add(action, number, List.of(comparison));
    }
  }

  /// Conditions on the same argument twice: runc and crun make of each condition a rule of its own,
  /// so that one of them is enough ("old behaviour", from the times of libseccomp 2.2, which took
  /// one condition for an argument).
  private static boolean repeats(List<ArgumentCondition> conditions) {
    return conditions.stream().map(ArgumentCondition::index).distinct().count() < conditions.size();
  }
}
