package dev.portcullis.kernel.denial;

import static dev.portcullis.kernel.libc.ErrorNumbers.ENOSYS;

import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// What filters may do with each call of one architecture, whatever its arguments are.
public final class RefusalTable {
  /// Calls are numbered up to 470 in 2026. What is above is looked up by itself.
  private static final int NUMBERS = 600;

  /// Of all numbers together. One program can give a thousand to each.
  static final int MOST_ANSWERS = 100_000;

  private static final Verdict LOG = new Verdict(Kind.LOG, 0);

  private static final List<ArgumentValues.Masked> ANY =
      Collections.nCopies(Call.ARGUMENTS, new ArgumentValues.Masked(0, 0));

  private final int architecture;
  private final List<Set<Verdict>> verdicts;
  private final List<Filters> filters;
  private final BitSet loggable = new BitSet(NUMBERS);

  private RefusalTable(int architecture, List<Set<Verdict>> verdicts, List<Filters> filters) {
    this.architecture = architecture;
    this.verdicts = verdicts;
    this.filters = List.copyOf(filters);
    for (int number = 0; number < NUMBERS; number++) {
      if (verdicts.get(number).contains(LOG)) {
        loggable.set(number);
      }
    }
  }

  /// Of no filters: nothing can happen to a call.
  static RefusalTable ofNone(int architecture) {
    return new RefusalTable(architecture, Collections.nCopies(NUMBERS, Set.of()), List.of());
  }

  /// Understands the filters of a process.
  ///
  /// @param architecture the token `AUDIT_ARCH_*`
  /// @param bounds for what they are: anybody may have made them
  public static RefusalTable of(int architecture, Filters filters, Bounds bounds)
      throws IOException {
    Analysis<List<Set<Verdict>>> analysis =
        FilterSemantics.ask(
            List.of(filters),
            bounds,
            meanings -> {
              List<Set<Verdict>> all = new ArrayList<>();
              int answers = 0;
              for (int number = 0; number < NUMBERS && answers <= MOST_ANSWERS; number++) {
                all.add(meanings.getFirst().verdicts(architecture, number, ANY));
                answers += all.getLast().size();
              }
              return all;
            });
    return switch (analysis) {
      case Analysis.Understood<List<Set<Verdict>>>(List<Set<Verdict>> understood) ->
          new RefusalTable(architecture, bounded(understood), List.of(filters));
      case Analysis.Undecided<List<Set<Verdict>>>(String reason) ->
          throw new IOException("its filters are not understood: " + reason);
    };
  }

  /// How many answers it has, of all numbers together.
  int answers() {
    return count(verdicts);
  }

  private static int count(List<Set<Verdict>> verdicts) {
    return verdicts.stream().mapToInt(Set::size).sum();
  }

  private static List<Set<Verdict>> bounded(List<Set<Verdict>> verdicts) throws IOException {
    if (count(verdicts) > MOST_ANSWERS) {
      throw new IOException("filters give more than " + MOST_ANSWERS + " answers");
    }
    return verdicts;
  }

  /// What either may do.
  ///
  /// @throws IOException where that is too much to keep
  public RefusalTable or(RefusalTable other) throws IOException {
    List<Set<Verdict>> both = new ArrayList<>();
    for (int number = 0; number < NUMBERS; number++) {
      Set<Verdict> union = new HashSet<>(verdicts.get(number));
      union.addAll(other.verdicts.get(number));
      both.add(union);
    }
    return new RefusalTable(
        architecture,
        bounded(both),
        Stream.concat(filters.stream(), other.filters.stream()).distinct().toList());
  }

  /// The calls that are not let through whatever their arguments are, and some more.
  NumberRanges refusable(IntPredicate others) {
    return NumberRanges.of(
        number ->
            others.test(number)
                || verdicts.get(number).stream().anyMatch(verdict -> !verdict.kind().passes()),
        NUMBERS);
  }

  /// The usual numbers of calls that may be logged, with some arguments.
  BitSet loggable() {
    return (BitSet) loggable.clone();
  }

  /// Whether a call of this number can reach the kernel, with some arguments.
  boolean mayPass(long number) {
    return of(number).stream().anyMatch(verdict -> verdict.kind().passes());
  }

  /// Whether the kernel may have a call of this number.
  static boolean isUsual(long number) {
    return number >= 0 && number < NUMBERS;
  }

  private Set<Verdict> of(long number) {
    if (isUsual(number)) {
      return verdicts.get((int) number);
    }
    Set<Verdict> found = new HashSet<>();
    for (Filters each : filters) {
      found.add(each.run(Call.of(architecture, (int) number)));
    }
    return found;
  }

  /// What filters did with a call that they let through and logged; empty where they did not log
  /// it. The call is taken for one of this machine's architecture: the trace has none.
  Optional<Verdict> logged(CallEntry entry) {
    if (isUsual(entry.number()) && !verdicts.get((int) entry.number()).contains(LOG)) {
      return Optional.empty();
    }
    Call call =
        Call.of(
            architecture,
            (int) entry.number(),
            entry.first(),
            entry.second(),
            entry.third(),
            entry.fourth(),
            entry.fifth(),
            entry.sixth());
    return filters.stream().anyMatch(each -> each.run(call).equals(LOG))
        ? Optional.of(LOG)
        : Optional.empty();
  }

  /// What a filter did with a call that it did not let through; empty where no filter answers so.
  Optional<Verdict> refusal(CallExit exit) {
    return of(exit.number()).stream()
        .filter(verdict -> answersSo(verdict, exit))
        .min(Comparator.comparing(Verdict::kind));
  }

  private static boolean answersSo(Verdict verdict, CallExit exit) {
    return switch (verdict.kind()) {
      case ALLOW, LOG -> false;
      case ERRNO -> exit.result() == -verdict.data();
      case KILL_PROCESS, KILL_THREAD, TRAP -> exit.isOfASignal();
      case TRACE -> exit.result() == -ENOSYS;
      // The listener refuses it, or makes it itself.
      case USER_NOTIF -> exit.hasFailed();
    };
  }
}
