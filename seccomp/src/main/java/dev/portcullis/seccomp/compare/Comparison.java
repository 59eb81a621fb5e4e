package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.Meaning;
import dev.portcullis.seccomp.meaning.TooComplexException;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which of two filters is stricter: on the programs that the kernel runs, for every call.
public sealed interface Comparison {

  /// It is known.
  record Compared(Relation relation, List<Difference> differences) implements Comparison {
    public Compared {
      differences = List.copyOf(differences);
    }
  }

  /// It is not known; nothing may be concluded.
  record Undecided(String reason) implements Comparison {}

  /// Compares for all architectures that a call may claim to have.
  static Comparison of(Filters first, Filters second, SyscallTable table) {
    return of(first, second, table, Bounds.USUAL);
  }

  /// The same, with less or more effort.
  static Comparison of(Filters first, Filters second, SyscallTable table, Bounds bounds) {
    return of(first, second, EnumSet.noneOf(Architecture.class), table, bounds);
  }

  /// Compares for some architectures only.
  ///
  /// @param architectures none means all that a call may claim to have
  static Comparison of(
      Filters first, Filters second, Set<Architecture> architectures, SyscallTable table) {
    return of(first, second, architectures, table, Bounds.USUAL);
  }

  private static Comparison of(
      Filters first,
      Filters second,
      Set<Architecture> architectures,
      SyscallTable table,
      Bounds bounds) {
    return switch (Meaning.of(List.of(first, second), bounds)) {
      case Meaning.Understanding.Undecided(String reason) -> new Undecided(reason);
      case Meaning.Understanding.Understood(List<Meaning> meanings) -> {
        try {
          Map<Meaning.Pair, CallSet> found = meanings.getFirst().differences(meanings.getLast());
          yield compared(new Grouping(first, second, table).of(found, architectures));
        } catch (TooComplexException tooComplex) {
          yield new Undecided(tooComplex.reason());
        }
      }
    };
  }

  private static Compared compared(List<Difference> differences) {
    boolean stricter = false;
    boolean weaker = false;
    for (Difference difference : differences) {
      switch (difference.direction()) {
        case STRICTER -> stricter = true;
        case WEAKER -> weaker = true;
        case DATA -> {}
      }
    }
    return new Compared(Relation.of(stricter, weaker), differences);
  }
}
