package dev.portcullis.seccomp.complain;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.DialectFilters;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.compose.RulesAnew;
import dev.portcullis.seccomp.finding.FindingSummary;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Makes the profile that allows what another one allows, and lets go on and logs what that
/// refuses. The filters of both are compared for every call and in every dialect.
///
/// @param machine this machine's
public record ComplainMode(Compiler compiler, SyscallTable table, Architecture machine) {
  private static final Bounds BOUNDS = new Bounds(1 << 22, 1 << 16, 1 << 24);
  private static final List<Dialect> DIALECTS = List.of(Dialect.values());
  private static final Verdict LOG = new Verdict(Kind.LOG, 0);
  private static final int SIGN = 0x80000000;

  /// What came of it.
  public sealed interface Result {
    /// It is proven.
    ///
    /// @param absent calls that fail with ENOSYS in both, in the order of the rules
    /// @param killed architectures that the machine's kernel may run and the profile does not list
    record Made(ResolvedProfile profile, List<String> absent, List<Architecture> killed)
        implements Result {
      public Made {
        absent = List.copyOf(absent);
        killed = List.copyOf(killed);
      }
    }

    /// There is none, or there is no proof.
    ///
    /// @param unavailable whether there is no libseccomp to ask
    record Failed(String reason, boolean unavailable) implements Result {}
  }

  /// Makes it. Where rules contradict each other, libseccomp may read those of the result
  /// otherwise; then the rules of these calls are made anew of what the filter does with them.
  ///
  /// @param kept names whose rules stay as they are, refusals among them; nothing is proven of them
  public Result of(NamedProfile origin, Set<String> kept) {
    DialectFilters before;
    switch (DialectFilters.of(origin.name(), compiler.compileAll(origin.profile()), DIALECTS)) {
      case DialectFilters.Reading.Made(DialectFilters filters) -> before = filters;
      case DialectFilters.Reading.Failed(Composition why) -> {
        return failed(why);
      }
    }
    ResolvedProfile made = LoggedRefusals.of(origin.profile(), kept);
    Set<String> otherwise = new TreeSet<>();
    Result result = proven(origin, made, before, kept, otherwise);
    for (ArgumentDecision.Shape shape : ArgumentDecision.Shape.values()) {
      if (result instanceof Result.Failed && !otherwise.isEmpty()) {
        ResolvedProfile anew = anew(made, otherwise, before.in(Dialect.CRUN), shape);
        result = proven(origin, anew, before, kept, otherwise);
      }
    }
    return result;
  }

  /// @param otherwise gets the names of calls with which the filter does something else
  private Result proven(
      NamedProfile origin,
      ResolvedProfile made,
      DialectFilters before,
      Set<String> kept,
      Set<String> otherwise) {
    DialectFilters after;
    switch (DialectFilters.of("the profile that logs", compiler.compileAll(made), DIALECTS)) {
      case DialectFilters.Reading.Made(DialectFilters filters) -> after = filters;
      case DialectFilters.Reading.Failed(Composition why) -> {
        return failed(why);
      }
    }
    Set<Architecture> listed = new LinkedHashSet<>(List.of(machine));
    listed.addAll(made.architectures());
    Set<List<Filters>> pairs = new LinkedHashSet<>();
    DIALECTS.forEach(each -> pairs.add(List.of(before.in(each), after.in(each))));
    for (List<Filters> pair : pairs) {
      List<Difference> differences;
      switch (FilterSemantics.ask(
          pair, BOUNDS, meanings -> differences(pair, meanings, listed, kept))) {
        case Analysis.Understood(List<Difference> found) -> differences = found;
        case Analysis.Undecided(String reason) -> {
          return new Result.Failed(origin.name() + ": it cannot be decided: " + reason, false);
        }
      }
      if (!differences.isEmpty()) {
        differences.forEach(each -> otherwise.addAll(each.names()));
        return new Result.Failed(
            origin.name()
                + ": libseccomp makes something else of the profile that logs: "
                + DifferenceText.what(differences.getFirst())
                + " is "
                + DifferenceText.how(differences.getFirst())
                + FindingSummary.more(differences.size()),
            false);
      }
    }
    return new Result.Made(
        made,
        LoggedRefusals.absent(made),
        machine.companions().stream().filter(each -> !listed.contains(each)).toList());
  }

  /// The same with other rules for some calls; as it is where none can be made.
  private ResolvedProfile anew(
      ResolvedProfile made, Set<String> names, Filters before, ArgumentDecision.Shape shape) {
    return switch (FilterSemantics.ask(
        List.of(before),
        BOUNDS,
        meanings ->
            new RulesAnew(meanings.getFirst(), table, machine, ComplainMode::outcome)
                .of(made, names, shape, verdict -> accepted(verdict).getFirst()))) {
      case Analysis.Understood(ResolvedProfile profile) -> profile;
      case Analysis.Undecided<ResolvedProfile> _ -> made;
    };
  }

  private static Result failed(Composition why) {
    return switch (why) {
      case Composition.Refused refused -> new Result.Failed(refused.reason(), false);
      case Composition.Undecided(String reason, boolean unavailable) ->
          new Result.Failed(reason, unavailable);
      case Composition.Composed _ -> throw new IllegalArgumentException("nothing failed");
    };
  }

  /// The calls with which the second filter does something else than it should.
  private List<Difference> differences(
      List<Filters> pair,
      List<FilterSemantics> meanings,
      Set<Architecture> listed,
      Set<String> kept) {
    FilterSemantics made = meanings.getLast();
    Map<FilterSemantics.Pair, CallSet> unmet =
        FilterSemantics.together(List.of(meanings.getFirst()))
            .unmetBy(made, verdicts -> accepted(verdicts.getFirst()));
    Map<FilterSemantics.Pair, CallSet> left = new LinkedHashMap<>();
    unmet.forEach((is, calls) -> {
      CallSet counted = without(kept, isKill(is.mine()) ? ofListed(calls, listed) : calls, listed);
      if (!counted.isEmpty()) {
        left.put(is, counted);
      }
    });
    return Comparison.of(
            made,
            left,
            pair.getLast()::run,
            call -> accepted(pair.getFirst().run(call)).getFirst(),
            table)
        .differences();
  }

  private static Outcome outcome(Verdict verdict) {
    return new Outcome(
        Position.NONE,
        switch (verdict.kind()) {
          case ALLOW -> Action.ALLOW;
          case LOG -> Action.LOG;
          case USER_NOTIF -> Action.NOTIFY;
          case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, TRACE ->
              throw new IllegalArgumentException("a refusal: " + verdict);
        },
        null);
  }

  /// What may become of a call, the best first. A listener decides as before.
  private static List<Verdict> accepted(Verdict verdict) {
    return switch (verdict.kind()) {
      case ALLOW, LOG, USER_NOTIF -> List.of(verdict);
      case TRACE, TRAP, KILL_THREAD, KILL_PROCESS -> List.of(LOG);
      case ERRNO -> verdict.equals(Verdict.ABSENT) ? List.of(LOG, Verdict.ABSENT) : List.of(LOG);
    };
  }

  private static boolean isKill(Verdict verdict) {
    return verdict.kind() == Kind.KILL_THREAD || verdict.kind() == Kind.KILL_PROCESS;
  }

  private CallSet without(Set<String> kept, CallSet calls, Set<Architecture> listed) {
    CallSet left = calls;
    for (Architecture architecture : kept.isEmpty() ? Set.<Architecture>of() : listed) {
      for (Map.Entry<Integer, String> each : table.of(architecture).entrySet()) {
        if (kept.contains(each.getValue())) {
          left = left.minus(left.ofArchitecture(architecture.token()).ofNumbers(-1, each.getKey()));
        }
      }
    }
    return left;
  }

  /// Without those of architectures that are not listed: libseccomp kills there, whatever the rules
  /// are.
  private static CallSet ofListed(CallSet calls, Set<Architecture> listed) {
    List<Integer> tokens = new ArrayList<>();
    listed.forEach(each -> tokens.add(each.token()));
    CallSet here = calls.minus(calls.ofNoArchitecture(tokens));
    CallSet ofX32 =
        here.ofArchitecture(Architecture.X86_64.token())
            .ofNumbers(Architecture.X32_BIT, Architecture.X32_BIT)
            .or(here.ofArchitecture(Architecture.X86_64.token()).ofNumbers(SIGN, SIGN));
    return listed.contains(Architecture.X32) ? here : here.minus(ofX32);
  }
}
