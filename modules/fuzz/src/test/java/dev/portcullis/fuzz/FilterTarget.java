package dev.portcullis.fuzz;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Filters as ptrace(2) reads them from a process. What is understood of one, as diagrams, is what
/// the interpreter does, for calls made of the program's own constants.
public final class FilterTarget {
  /// Small: the interpreter is to be met often, not the bounds.
  private static final Bounds BOUNDS = new Bounds(1 << 14, 1 << 10, 1 << 16);

  private static final int X86_64 = 0xc000003e;

  private FilterTarget() {}

  /// Called by the fuzzer.
  public static void fuzzerTestOneInput(byte[] input) {
    boolean _ = holds(input);
  }

  /// Whether the promise was put to the test: it is a filter, and it was understood.
  static boolean holds(byte[] input) {
    if (!(Program.decode(input, ByteOrder.LITTLE_ENDIAN)
        instanceof ProgramCheck.Accepted(Program program))) {
      return false;
    }
    if (!Arrays.equals(program.encode(ByteOrder.LITTLE_ENDIAN), input)) {
      throw new AssertionError("a program is not written as it was read");
    }
    return requireUnderstood(program);
  }

  /// What is understood of a program is what it does; or it is not understood, which is false.
  static boolean requireUnderstood(Program program) {
    Filters filters = Filters.of(program);
    return switch (FilterSemantics.ask(List.of(filters), BOUNDS, List::getFirst)) {
      case Analysis.Undecided<FilterSemantics> _ -> false;
      case Analysis.Understood(FilterSemantics meaning) -> {
        requireVerdicts(meaning, program, filters);
        requireWitnesses(filters);
        yield true;
      }
    };
  }

  private static void requireVerdicts(FilterSemantics meaning, Program program, Filters filters) {
    for (Instruction seed : program.instructions()) {
      requireSame(meaning, filters, Call.of(X86_64, seed.k(), seed.k(), ~(long) seed.k()));
      requireSame(meaning, filters, Call.of(seed.k(), 59, (long) seed.k() << 32, seed.k() + 1L));
    }
  }

  private static void requireSame(FilterSemantics meaning, Filters filters, Call call) {
    Verdict understood = meaning.verdict(call);
    Verdict run = filters.run(call);
    if (!understood.equals(run)) {
      throw new AssertionError(call + ": understood " + understood + ", run " + run);
    }
  }

  /// For each thing that a filter does, a call with which it does it.
  private static void requireWitnesses(Filters filters) {
    Analysis<Map<Verdict, CallSet>> verdicts =
        FilterSemantics.ask(List.of(filters), BOUNDS, meanings -> meanings.getFirst().verdicts());
    if (verdicts instanceof Analysis.Understood(Map<Verdict, CallSet> all)) {
      all.forEach((verdict, calls) -> {
        Call witness = calls.witness();
        if (!filters.run(witness).equals(verdict)) {
          throw new AssertionError(witness + " is no witness of " + verdict);
        }
      });
    }
  }
}
