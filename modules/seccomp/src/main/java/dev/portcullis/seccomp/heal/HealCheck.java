package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a healed filter lets pass what was chosen, and nothing else.
public final class HealCheck {
  private HealCheck() {}

  /// What became of calls that were not chosen. Another errno counts as the same answer: runtimes
  /// answer ENOSYS above the newest call that a profile names.
  ///
  /// @param chosen with the conditions on arguments; arguments are compared as the kernel takes
  ///   them
  public static Analysis<List<Difference>> beyond(
      Filters healed, Filters origin, List<ProfileEdit> chosen, SyscallTable table) {
    Analysis<Optional<List<Difference>>> analysis =
        FilterSemantics.ask(
            List.of(healed, origin), meanings -> beyond(healed, origin, meanings, chosen, table));
    return switch (analysis) {
      case Analysis.Understood<Optional<List<Difference>>>(Optional<List<Difference>> found) ->
          found
              .<Analysis<List<Difference>>>map(Analysis.Understood::new)
              .orElseGet(() -> new Analysis.Undecided<>("too many conditions to check"));
      case Analysis.Undecided<Optional<List<Difference>>>(String reason) ->
          new Analysis.Undecided<>(reason);
    };
  }

  private static Optional<List<Difference>> beyond(
      Filters healed,
      Filters origin,
      List<FilterSemantics> meanings,
      List<ProfileEdit> chosen,
      SyscallTable table) {
    Map<FilterSemantics.Pair, CallSet> left = new LinkedHashMap<>();
    for (Map.Entry<FilterSemantics.Pair, CallSet> each :
        meanings.getFirst().differences(meanings.getLast()).entrySet()) {
      CallSet calls = each.getValue();
      if (each.getKey().mine().kind().passes()) {
        for (ProfileEdit edit : chosen) {
          Optional<CallSet> edited = EditedCalls.among(calls, edit, table);
          if (edited.isEmpty()) {
            return Optional.empty();
          }
          calls = calls.minus(edited.get());
        }
      }
      if (!calls.isEmpty()) {
        left.put(each.getKey(), calls);
      }
    }
    return Optional.of(
        Comparison.of(meanings.getFirst(), left, healed::run, origin::run, table)
            .differences()
            .stream()
            .filter(each -> each.direction() != Direction.DATA)
            .toList());
  }
}
