package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.List;

/// Conditions of rules as diagrams about arguments: all 64 bits of a register count, unsigned.
final class ConditionDiagrams {
  private final DecisionDiagrams diagrams;

  ConditionDiagrams(DecisionDiagrams diagrams) {
    this.diagrams = diagrams;
  }

  /// Where all hold.
  int all(List<ArgumentCondition> conditions) {
    int all = DecisionDiagrams.TRUE;
    for (ArgumentCondition condition : conditions) {
      all = diagrams.and(all, of(condition));
    }
    return all;
  }

  /// Where a rule with these conditions holds: runtimes take one that has an argument twice for
  /// several rules with a condition each.
  int asRead(List<ArgumentCondition> conditions) {
    if (!ArgumentCondition.isRepeated(conditions)) {
      return all(conditions);
    }
    int any = DecisionDiagrams.FALSE;
    for (ArgumentCondition condition : conditions) {
      any = diagrams.or(any, of(condition));
    }
    return any;
  }

  private int of(ArgumentCondition condition) {
    int index = condition.index();
    long value = condition.value();
    return switch (condition.operator()) {
      case EQ -> masked(index, -1, value);
      case NE -> diagrams.not(masked(index, -1, value));
      case LT -> below(index, value);
      case GE -> diagrams.not(below(index, value));
      case LE -> value == -1 ? DecisionDiagrams.TRUE : below(index, value + 1);
      case GT -> value == -1 ? DecisionDiagrams.FALSE : diagrams.not(below(index, value + 1));
      case MASKED_EQ -> masked(index, value, condition.bits());
    };
  }

  private int bit(int argument, int bit) {
    return diagrams.bit(Call.lowerWord(argument) + bit / Integer.SIZE, bit % Integer.SIZE);
  }

  /// From the lowest bit, which is decided last, so that each step puts one question on top.
  int masked(int argument, long mask, long bits) {
    int equal = DecisionDiagrams.TRUE;
    for (int i = 0; i < Long.SIZE; i++) {
      if ((mask >>> i & 1) == 1) {
        equal =
            (bits >>> i & 1) == 1
                ? diagrams.choose(bit(argument, i), equal, DecisionDiagrams.FALSE)
                : diagrams.choose(bit(argument, i), DecisionDiagrams.FALSE, equal);
      }
    }
    return equal;
  }

  private int below(int argument, long value) {
    int below = DecisionDiagrams.FALSE;
    for (int i = 0; i < Long.SIZE; i++) {
      below =
          (value >>> i & 1) == 1
              ? diagrams.choose(bit(argument, i), below, DecisionDiagrams.TRUE)
              : diagrams.choose(bit(argument, i), DecisionDiagrams.FALSE, below);
    }
    return below;
  }
}
