package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.effect.NamedCalls;
import dev.portcullis.seccomp.finding.FindingSummary;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Puts profiles together to one whose filter does with each call the most severe, or the least
/// severe, of what theirs do: on the programs that the kernel runs, for all architectures, numbers
/// and arguments, and in every dialect. Rules are made of what the filters do, and then the filter
/// of the rules is compared with them, so that nothing rests on how the rules were found.
///
/// What is proven is for machines of this architecture, with this libseccomp.
///
/// @param machine this machine's
/// @param dialects in which it must hold
public record Composer(
    Compiler compiler, SyscallTable table, Architecture machine, Set<Dialect> dialects) {
  /// Several filters of each profile are understood at once.
  private static final Bounds BOUNDS = new Bounds(1 << 22, 1 << 16, 1 << 24);

  /// Of a call with many ways to say it.
  private static final int MOST_ATTEMPTS = 6;

  private static final int SIGN = 0x80000000;

  public Composer {
    dialects = Set.copyOf(dialects);
  }

  /// Puts them together.
  ///
  /// @param parts at least one
  /// @param approximate whether a profile will do that is on the strict side of an intersection, or
  ///   on the wide side of a union, where no profile is exact
  public Composition compose(
      Combination combination, List<NamedProfile> parts, boolean approximate) {
    String apart = OtherSettings.apart(combination, parts).orElse(null);
    if (apart != null) {
      return new Composition.Refused(apart, List.of());
    }
    List<DialectFilters> made = new ArrayList<>();
    for (NamedProfile part : parts) {
      switch (DialectFilters.of(part.name(), compiler.compileAll(part.profile()), wanted())) {
        case DialectFilters.Reading.Made(DialectFilters filters) -> made.add(filters);
        case DialectFilters.Reading.Failed(Composition why) -> {
          return why;
        }
      }
    }
    List<Filters> all = new ArrayList<>();
    for (Dialect dialect : wanted()) {
      made.forEach(each -> all.add(each.in(dialect)));
    }
    return switch (FilterSemantics.ask(
        all,
        BOUNDS,
        meanings -> {
          Composition exact = attempt(new Task(combination, parts, made, meanings, false));
          return approximate && !(exact instanceof Composition.Composed)
              ? attempt(new Task(combination, parts, made, meanings, true))
              : exact;
        })) {
      case Analysis.Understood(Composition composition) -> composition;
      case Analysis.Undecided(String reason) ->
          new Composition.Refused("it cannot be decided: " + reason, List.of());
    };
  }

  /// What is asked for.
  ///
  /// @param made the filters of each part
  /// @param meanings of these: for each of {@link #wanted} one of each part
  private record Task(
      Combination combination,
      List<NamedProfile> parts,
      List<DialectFilters> made,
      List<FilterSemantics> meanings,
      boolean approximate) {
    List<FilterSemantics> of(int dialect) {
      return meanings.subList(dialect * parts.size(), (dialect + 1) * parts.size());
    }
  }

  /// The one that rules are made from, which has no prologue, and then all others.
  private List<Dialect> wanted() {
    Set<Dialect> wanted = new LinkedHashSet<>();
    wanted.add(dialects.equals(Set.of(Dialect.CRUN_1_29)) ? Dialect.CRUN_1_29 : Dialect.CRUN);
    for (Dialect each : Dialect.values()) {
      if (dialects.contains(each)) {
        wanted.add(each);
      }
    }
    return List.copyOf(wanted);
  }

  private Composition attempt(Task task) {
    CallSet unordered = FilterSemantics.together(task.of(0)).where(task.combination()::isUnordered);
    if (!unordered.isEmpty()
        && !(task.approximate() && task.combination() == Combination.INTERSECTION)) {
      return new Composition.Refused(unorderedText(task, unordered), List.of());
    }
    List<Architecture> listed =
        OtherSettings.architectures(task.combination(), task.parts(), machine);
    Set<Architecture> architectures = new LinkedHashSet<>(List.of(machine));
    architectures.addAll(listed);
    ProfileDraft draft;
    try {
      draft =
          new ProfileDraft(
              task.combination(),
              task.parts(),
              task.of(0),
              listed,
              new CallPlaces(List.copyOf(architectures), table),
              task.approximate());
    } catch (ProfileDraft.ContradictionException contradiction) {
      return new Composition.Refused(String.valueOf(contradiction.getMessage()), List.of());
    }
    return proven(task, draft);
  }

  private Composition proven(Task task, ProfileDraft draft) {
    Composition nearest =
        new Composition.Undecided(task.combination().words() + ": too many attempts", false);
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
      if (!draft.unsaid().isEmpty()) {
        return new Composition.Refused(
            "no "
                + CallPlan.MOST_RULES
                + " rules say what becomes of "
                + String.join(", ", draft.unsaid()),
            List.of());
      }
      ResolvedProfile profile = draft.profile();
      DialectFilters filters;
      switch (DialectFilters.of(
          task.combination().words(), compiler.compileAll(profile), wanted())) {
        case DialectFilters.Reading.Made(DialectFilters made) -> filters = made;
        case DialectFilters.Reading.Failed(Composition why) -> {
          if (draft.next(draft.entangled())) {
            continue;
          }
          return why;
        }
      }
      List<Difference> differences = differences(task, filters);
      boolean exact = differences.stream().allMatch(each -> each.direction() == Direction.DATA);
      boolean isNear =
          task.approximate()
              && differences.stream()
                  .allMatch(each -> task.combination().allows(each.first(), each.second()));
      if (exact || isNear) {
        return new Composition.Composed(profile, exact, differences, dialects, draft.unproven());
      }
      nearest = new Composition.Refused(inexpressible(task, differences), differences);
      List<String> names =
          differences.stream()
              .filter(each -> each.direction() != Direction.DATA)
              .flatMap(each -> each.names().stream())
              .distinct()
              .toList();
      if (!draft.next(names)) {
        break;
      }
    }
    return nearest;
  }

  /// Between what the filters of the result do and what they should do.
  private List<Difference> differences(Task task, DialectFilters filters) {
    Set<Difference> found = new LinkedHashSet<>();
    Set<List<Filters>> seen = new LinkedHashSet<>();
    List<Dialect> wanted = wanted();
    for (int i = 0; i < wanted.size(); i++) {
      Dialect dialect = wanted.get(i);
      if (!dialects.contains(dialect)) {
        continue;
      }
      Filters result = filters.in(dialect);
      List<Filters> of = task.made().stream().map(each -> each.in(dialect)).toList();
      List<Filters> together = new ArrayList<>(of);
      together.add(result);
      if (seen.add(together)) {
        FilterSemantics meaning = task.of(i).getFirst().with(result);
        Map<FilterSemantics.Pair, CallSet> unmet =
            possible(
                FilterSemantics.together(task.of(i))
                    .unmetBy(meaning, task.combination()::accepted));
        found.addAll(
            Comparison.of(
                    meaning,
                    unmet,
                    result::run,
                    call -> task.combination().choose(verdicts(of, call)),
                    table)
                .differences());
      }
    }
    return List.copyOf(found);
  }

  /// Without numbers from 2^31 on of x86_64 for which ENOSYS is, or should be, the answer: the
  /// kernel's own, since no kernel has such a call (`do_syscall_64` in arch/x86/entry). Where x32
  /// is not listed, libseccomp kills for them, and runc's prologue comes before that or is not
  /// there, whatever the rules are.
  private static Map<FilterSemantics.Pair, CallSet> possible(
      Map<FilterSemantics.Pair, CallSet> unmet) {
    Map<FilterSemantics.Pair, CallSet> possible = new LinkedHashMap<>();
    unmet.forEach((pair, calls) -> {
      CallSet left =
          pair.mine().equals(Verdict.ABSENT) || pair.theirs().equals(Verdict.ABSENT)
              ? calls.minus(calls.ofArchitecture(Architecture.X86_64.token()).ofNumbers(SIGN, SIGN))
              : calls;
      if (!left.isEmpty()) {
        possible.put(pair, left);
      }
    });
    return possible;
  }

  private static List<Verdict> verdicts(List<Filters> filters, Call call) {
    return filters.stream().map(each -> each.run(call)).toList();
  }

  private String inexpressible(Task task, List<Difference> differences) {
    Difference first =
        differences.stream()
            .filter(each -> each.direction() != Direction.DATA)
            .findFirst()
            .orElseThrow();
    String own = machine.name().toLowerCase(Locale.ROOT);
    return "no profile that was tried does for each call the "
        + (task.combination() == Combination.INTERSECTION ? "most" : "least")
        + " severe of what the profiles do; in the nearest one "
        + DifferenceText.what(first)
        + " is "
        + DifferenceText.how(first)
        + FindingSummary.more(differences.size())
        + (first.where().contains(own) || haveTheSameArchitectures(task.parts())
            ? ""
            : "; the rules of a profile hold on all architectures that it lists, and the profiles"
                + " list different ones");
  }

  private static boolean haveTheSameArchitectures(List<NamedProfile> parts) {
    return parts.stream().map(part -> Set.copyOf(part.profile().architectures())).distinct().count()
        == 1;
  }

  /// The first calls about which the kernel's order says nothing.
  private String unorderedText(Task task, CallSet calls) {
    Dialect dialect = wanted().getFirst();
    List<Filters> filters = task.made().stream().map(each -> each.in(dialect)).toList();
    Set<Architecture> architectures = new LinkedHashSet<>(List.of(machine));
    architectures.addAll(Effects.USUAL);
    for (Architecture architecture : architectures) {
      List<NamedCalls> named = NamedCalls.of(calls, architecture, table);
      if (!named.isEmpty()) {
        Call witness = named.getFirst().calls().witness();
        List<String> names = named.getFirst().names();
        String which =
            names.isEmpty()
                ? "call number " + Integer.toUnsignedLong(witness.number())
                : names.getFirst();
        return which
            + " on "
            + architecture.name().toLowerCase(Locale.ROOT)
            + answers(task, verdicts(filters, witness), witness);
      }
    }
    Call witness = calls.witness();
    return "a call of another architecture" + answers(task, verdicts(filters, witness), witness);
  }

  private static String answers(Task task, List<Verdict> verdicts, Call witness) {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      answers.add(
          task.parts().get(i).name() + " has " + verdicts.get(i).on(witness.architecture()));
    }
    Verdict chosen = task.combination().choose(verdicts);
    return ": "
        + String.join(", ", answers)
        + "; "
        + (chosen.fakesSuccess()
            ? "errno 0 lets the call seem to succeed"
            : "another process decides what becomes of it")
        + ", which is neither more nor less severe than another answer; give the call the same"
        + " action in all profiles"
        + (task.combination() == Combination.INTERSECTION ? ", or EPERM with --approximate" : "");
  }
}
