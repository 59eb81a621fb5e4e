package dev.portcullis.seccomp.meaning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A set of numbers of system calls.
public final class Numbers {
  private final DecisionDiagrams diagrams;
  private final int set;

  Numbers(DecisionDiagrams diagrams, int set) {
    this.diagrams = diagrams;
    this.set = set;
  }

  public boolean contains(int number) {
    return diagrams.below(set, VariableOrder.NUMBER, 32, number) == DecisionDiagrams.TRUE;
  }

  public boolean isEmpty() {
    return set == DecisionDiagrams.FALSE;
  }

  /// The others of its numbers.
  public Numbers without(List<Integer> numbers) {
    int rest = set;
    for (int number : numbers) {
      int equal = DecisionDiagrams.TRUE;
      for (int i = 0; i < 32; i++) {
        int bit = diagrams.bit(0, i);
        equal = diagrams.and((number >>> i & 1) == 1 ? bit : diagrams.not(bit), equal);
      }
      rest = diagrams.and(rest, diagrams.not(equal));
    }
    return new Numbers(diagrams, rest);
  }

  /// As unsigned ranges in ascending order; null where there are more than asked for.
  public @Nullable List<Range> ranges(int most) {
    return Ranges.of(diagrams, set, VariableOrder.NUMBER, 32, most);
  }
}
