package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of the calls that a profile allows a recording has, and what it has that the profile does
/// not allow: by the rules, not by the filter.
///
/// @param entries one for each name, and of a name under conditions one for each condition
/// @param refused calls of the recording for which there is no rule that allows them, with how
///   often
/// @param open whether the profile allows what it does not name
public record ProfileCoverage(List<Entry> entries, Map<String, Long> refused, boolean open) {
  public ProfileCoverage {
    entries = List.copyOf(entries);
    refused = Map.copyOf(new TreeMap<>(refused));
  }

  /// What is allowed.
  ///
  /// @param text as `socket(domain=0x2)`
  /// @param count how often the recording has it, at the least
  public record Entry(String name, String text, Use use, long count) {}

  /// Whether it was used.
  public enum Use {
    USED,
    /// No recording sees the call.
    UNSEEN,
    /// The recording has the call, and not the arguments that the rule looks at.
    UNKNOWN,
    NEVER
  }

  /// Compares them.
  ///
  /// @param machine the architecture whose calls a filter always judges, listed or not
  public static ProfileCoverage of(
      ResolvedProfile profile, Recording recording, Architecture machine) {
    Map<String, List<RecordedCall>> seen = new TreeMap<>();
    // A profile that denies what the runtime did starts no container.
    for (RecordedCall call :
        Recording.sum(
            Stream.concat(recording.program().stream(), recording.runtime().stream()).toList())) {
      seen.computeIfAbsent(call.name(), _ -> new ArrayList<>()).add(call);
    }
    Map<String, Set<List<ArgumentCondition>>> allowed = RecordedProfile.conditions(profile);
    boolean open = profile.defaultOutcome().action().letsThrough();
    Set<String> denied = deniedAlways(profile);
    List<Entry> entries = new ArrayList<>();
    allowed.forEach((name, each) -> {
      for (List<ArgumentCondition> conditions : each) {
        entries.add(entry(name, conditions, seen.getOrDefault(name, List.of())));
      }
    });
    Map<String, Long> refused = new TreeMap<>();
    seen.forEach((name, calls) -> {
      Set<List<ArgumentCondition>> rules = allowed.getOrDefault(name, Set.of());
      for (RecordedCall call : calls) {
        boolean killed =
            call.architecture() != machine
                && !profile.architectures().contains(call.architecture());
        long without =
            killed || (open && denied.contains(name))
                ? call.count()
                : open ? 0 : refused(call, rules);
        if (without > 0) {
          String text = name.isEmpty() ? "number " + call.number() : name;
          refused.merge(text, without, CallSum::add);
        }
      }
    });
    return new ProfileCoverage(entries, refused, open);
  }

  /// The calls that are denied whatever their arguments are.
  private static Set<String> deniedAlways(ResolvedProfile profile) {
    return profile.rules().stream()
        .filter(rule -> !rule.outcome().action().letsThrough() && rule.arguments().isEmpty())
        .flatMap(rule -> rule.names().stream())
        .map(SyscallName::name)
        .collect(Collectors.toSet());
  }

  private static Entry entry(
      String name, List<ArgumentCondition> conditions, List<RecordedCall> calls) {
    long used = 0;
    boolean unknown = false;
    for (RecordedCall call : calls) {
      if (conditions.isEmpty()) {
        used = CallSum.add(used, call.count());
      } else if (!isDecidable(call, conditions)) {
        unknown = true;
      } else {
        unknown |= call.otherCount() > 0;
        used =
            CallSum.add(
                used,
                call.values().stream()
                    .filter(values -> holds(call, values, conditions))
                    .mapToLong(RecordedCall.Values::count)
                    .reduce(0, CallSum::add));
      }
    }
    Use use =
        used > 0
            ? Use.USED
            : NeededCalls.isUnseen(name) ? Use.UNSEEN : unknown ? Use.UNKNOWN : Use.NEVER;
    return new Entry(name, AllowedCalls.text(name, conditions), use, used);
  }

  /// How often a call was made for which it is certain that no rule allows it.
  private static long refused(RecordedCall call, Set<List<ArgumentCondition>> rules) {
    if (rules.isEmpty()) {
      return call.count();
    }
    if (rules.stream().anyMatch(each -> each.isEmpty() || !isDecidable(call, each))) {
      return 0;
    }
    return call.values().stream()
        .filter(values -> rules.stream().noneMatch(each -> holds(call, values, each)))
        .mapToLong(RecordedCall.Values::count)
        .reduce(0, CallSum::add);
  }

  /// Whether the recording has what the conditions look at.
  static boolean isDecidable(RecordedCall call, List<ArgumentCondition> conditions) {
    return conditions.stream().allMatch(condition -> isDecidable(call, condition));
  }

  private static boolean isDecidable(RecordedCall call, ArgumentCondition condition) {
    if (ArgumentSelection.isInMemory(call.name())) {
      return false;
    }
    long looked =
        condition.operator() == Operator.MASKED_EQ
            ? condition.value()
            : ArgumentWidths.taken(call.name(), condition.index());
    return call.kept().stream()
        .filter(kept -> kept.index() == condition.index())
        .anyMatch(kept -> (looked & ~kept.mask()) == 0);
  }

  private static boolean holds(
      RecordedCall call, RecordedCall.Values values, List<ArgumentCondition> conditions) {
    for (ArgumentCondition condition : conditions) {
      for (int i = 0; i < call.kept().size(); i++) {
        if (call.kept().get(i).index() == condition.index()
            && !condition.holds(values.of().get(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
