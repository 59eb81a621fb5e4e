package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Judges what the filter of a profile does, exactly, on one machine: what is legal and probably
/// not meant.
public final class FilterLint {
  private static final List<FilterCheck> CHECKS =
      List.of(
          new Contradictions(),
          new ConditionsWithoutEffect(),
          new LostRules(),
          new UpperHalves(),
          new EquivalentCalls(),
          new NoSuchCalls(),
          new ForbidsNothingThere(),
          new IoUring(),
          new OtherArchitectures(),
          new Essentials());

  private FilterLint() {}

  /// Every finding of every check, in the order of the checks; none where the filter is too complex
  /// to be understood.
  ///
  /// @param filters what was made of it
  /// @param machine the architecture that findings are about, unless they name another
  public static List<Finding> check(
      ResolvedProfile profile, Filters filters, Architecture machine, SyscallTable table) {
    Set<Architecture> architectures = new LinkedHashSet<>();
    architectures.add(machine);
    architectures.addAll(Effects.USUAL);
    architectures.addAll(profile.architectures());
    Analysis<List<Finding>> understanding =
        FilterSemantics.ask(
            List.of(filters),
            meanings -> {
              FilterSemantics meaning = meanings.getFirst();
              Effects effects = Effects.of(meaning, architectures, table);
              LintContext judged = new LintContext(profile, filters, meaning, effects, table);
              return CHECKS.stream().flatMap(check -> check.judge(judged).stream()).toList();
            });
    return switch (understanding) {
      case Analysis.Undecided(String reason) -> notChecked(profile, reason);
      case Analysis.Understood(List<Finding> findings) -> findings;
    };
  }

  private static List<Finding> notChecked(ResolvedProfile profile, String reason) {
    return List.of(
        new Finding(
            Problem.FILTER_NOT_CHECKED,
            profile.defaultOutcome().at(),
            reason + "; its effect was not checked, and it cannot be compared or proven"));
  }
}
