package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What people ask first about a filter, and for which another filter lets calls pass that the one
/// before it does not.
///
/// @param more whether the filter before lets other such calls pass
/// @param calls all that pass only with the second filter, by their arguments, too
public record WidenedAbility(
    Ability ability, Architecture architecture, boolean more, CallSet calls) {

  /// Those of some architectures.
  ///
  /// @param after understood together with the one before
  public static List<WidenedAbility> of(
      FilterSemantics before,
      FilterSemantics after,
      List<Ability> abilities,
      Collection<Architecture> architectures,
      SyscallTable table) {
    CallSet newly = newly(before, after);
    CallSet passing = newly.none();
    for (Map.Entry<Verdict, CallSet> each : before.verdicts().entrySet()) {
      if (Possibility.of(each.getKey()) == Possibility.YES) {
        passing = passing.or(each.getValue());
      }
    }
    List<WidenedAbility> widened = new ArrayList<>();
    for (Architecture architecture : architectures) {
      Map<String, Integer> numbers = AbilityAnalysis.numbers(architecture, table);
      for (Ability ability : abilities) {
        CallSet calls = newly.none();
        boolean more = false;
        for (CallPattern pattern : AbilityAnalysis.patterns(ability, architecture, numbers)) {
          calls = calls.or(of(pattern, newly));
          more |= !of(pattern, passing).isEmpty();
        }
        if (!calls.isEmpty()) {
          widened.add(new WidenedAbility(ability, architecture, more, calls));
        }
      }
    }
    return widened;
  }

  /// The calls that pass, or that another process decides about, and did not before.
  public static CallSet newly(FilterSemantics before, FilterSemantics after) {
    CallSet newly = before.everything().none();
    for (Map.Entry<FilterSemantics.Pair, CallSet> each : after.differences(before).entrySet()) {
      Possibility now = Possibility.of(each.getKey().mine());
      if (now.compareTo(Possibility.of(each.getKey().theirs())) > 0) {
        newly = newly.or(each.getValue());
      }
    }
    return newly;
  }

  private static CallSet of(CallPattern pattern, CallSet calls) {
    return calls
        .ofArchitecture(pattern.architecture().token())
        .ofNumbers(-1, pattern.number())
        .ofArguments(pattern.arguments());
  }
}
