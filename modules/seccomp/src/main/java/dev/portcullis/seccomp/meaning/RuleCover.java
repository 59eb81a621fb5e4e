package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Expresses a set of arguments in rules of a profile.
final class RuleCover {
  /// Of one argument, before bits are compared instead.
  private static final int MOST_RANGES = 16;

  private final DecisionDiagrams diagrams;
  private final ConditionDiagrams conditions;
  private final int most;

  private RuleCover(DecisionDiagrams diagrams, int most) {
    this.diagrams = diagrams;
    this.conditions = new ConditionDiagrams(diagrams);
    this.most = most;
  }

  /// The rules; null where they are too many, or the set depends on the instruction pointer.
  static @Nullable List<List<ArgumentCondition>> of(
      DecisionDiagrams diagrams, int set, ArgumentDecision.Shape shape, int most) {
    RuleCover cover = new RuleCover(diagrams, most);
    try {
      return switch (shape) {
        case BITS -> cover.cubes(set);
        case DISJOINT -> cover.byArgument(set);
        case SHORT -> cover.shortened(set, cover.byArgument(set));
      };
    } catch (CubeCover.TooManyCubesException _) {
      return null;
    }
  }

  private List<List<ArgumentCondition>> cubes(int set) throws CubeCover.TooManyCubesException {
    List<List<ArgumentCondition>> rules = new ArrayList<>();
    for (long[] cube : CubeCover.of(diagrams, set, most)) {
      List<ArgumentCondition> rule = new ArrayList<>();
      for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
        if (cube[2 * argument] != 0) {
          rule.add(masked(argument, cube[2 * argument], cube[2 * argument + 1]));
        }
      }
      if (cube[2 * Call.ARGUMENTS] != 0) {
        throw new CubeCover.TooManyCubesException();
      }
      rules.add(rule);
    }
    return rules;
  }

  private static ArgumentCondition masked(int argument, long mask, long bits) {
    return mask == -1
        ? new ArgumentCondition(argument, bits, 0, Operator.EQ)
        : new ArgumentCondition(argument, mask, bits, Operator.MASKED_EQ);
  }

  /// The values of the first argument by what follows from them.
  private List<List<ArgumentCondition>> byArgument(int set) throws CubeCover.TooManyCubesException {
    if (diagrams.order != VariableOrder.SEQUENTIAL) {
      return cubes(set);
    }
    if (set == DecisionDiagrams.FALSE) {
      return List.of();
    }
    if (set == DecisionDiagrams.TRUE) {
      return List.of(List.of());
    }
    int argument = diagrams.order.value(diagrams.level(set));
    if (argument == Call.ARGUMENTS) {
      throw new CubeCover.TooManyCubesException();
    }
    int first = diagrams.order.level(Call.lowerWord(argument) + 1, Integer.SIZE - 1);
    List<List<ArgumentCondition>> rules = new ArrayList<>();
    for (int rest : Cofactors.first(most + 2, diagrams, set, first + Long.SIZE)) {
      if (rest == DecisionDiagrams.FALSE) {
        continue;
      }
      List<List<ArgumentCondition>> after = byArgument(rest);
      int values = Cofactors.where(diagrams, set, first + Long.SIZE, rest);
      for (List<ArgumentCondition> value : values(values, argument, first)) {
        for (List<ArgumentCondition> others : after) {
          List<ArgumentCondition> rule = new ArrayList<>(value);
          rule.addAll(others);
          rules.add(rule);
        }
      }
      if (rules.size() > most) {
        throw new CubeCover.TooManyCubesException();
      }
    }
    return rules;
  }

  /// Values of one argument: by ranges or by bits, whichever is shorter.
  ///
  /// Where registers have 32 bits, libseccomp compares the lower halves of values and masks. A
  /// range means the same there; bits of the upper half alone would be no condition at all.
  private List<List<ArgumentCondition>> values(int set, int argument, int first)
      throws CubeCover.TooManyCubesException {
    if (set == DecisionDiagrams.TRUE) {
      return List.of(List.of());
    }
    List<List<ArgumentCondition>> byRange = byRange(set, argument, first);
    if (byRange != null && byRange.size() == 1) {
      return byRange;
    }
    List<List<ArgumentCondition>> byBits;
    try {
      byBits = cubes(set);
    } catch (CubeCover.TooManyCubesException tooMany) {
      if (byRange == null) {
        throw tooMany;
      }
      return byRange;
    }
    boolean narrow = byBits.stream().allMatch(RuleCover::isAboutTheLowerHalf);
    return byRange != null && (!narrow || byRange.size() <= byBits.size()) ? byRange : byBits;
  }

  private static boolean isAboutTheLowerHalf(List<ArgumentCondition> rule) {
    return rule.stream()
        .allMatch(each -> each.operator() == Operator.EQ || (int) each.value() != 0);
  }

  /// Each range in one rule, or in one for each of its blocks; null where there are many ranges.
  private @Nullable List<List<ArgumentCondition>> byRange(int set, int argument, int first)
      throws CubeCover.TooManyCubesException {
    List<Range> ranges = Ranges.of(diagrams, set, first, Long.SIZE, MOST_RANGES);
    if (ranges == null) {
      return null;
    }
    if (ranges.size() == 2
        && ranges.getFirst().from() == 0
        && ranges.getLast().to() == -1
        && ranges.getFirst().to() + 2 == ranges.getLast().from()) {
      return List.of(List.of(condition(argument, ranges.getFirst().to() + 1, Operator.NE)));
    }
    List<List<ArgumentCondition>> rules = new ArrayList<>();
    for (Range range : ranges) {
      if (range.isSingle()) {
        rules.add(List.of(condition(argument, range.from(), Operator.EQ)));
      } else if (range.from() == 0) {
        rules.add(List.of(condition(argument, range.to(), Operator.LE)));
      } else if (range.to() == -1) {
        rules.add(List.of(condition(argument, range.from(), Operator.GE)));
      } else {
        rules.addAll(
            cubes(
                conditions.all(
                    List.of(
                        condition(argument, range.from(), Operator.GE),
                        condition(argument, range.to(), Operator.LE)))));
      }
    }
    return rules;
  }

  private static ArgumentCondition condition(int argument, long value, Operator operator) {
    return new ArgumentCondition(argument, value, 0, operator);
  }

  /// Without conditions, and then without rules, that change nothing.
  private List<List<ArgumentCondition>> shortened(int set, List<List<ArgumentCondition>> rules) {
    List<List<ArgumentCondition>> shorter = new ArrayList<>();
    for (List<ArgumentCondition> rule : rules) {
      List<ArgumentCondition> left = new ArrayList<>(rule);
      for (ArgumentCondition condition : rule) {
        List<ArgumentCondition> without = new ArrayList<>(left);
        without.remove(condition);
        if (isWithin(without, set)) {
          left = without;
        }
      }
      if (!shorter.contains(left)) {
        shorter.add(left);
      }
    }
    for (List<ArgumentCondition> rule : List.copyOf(shorter).reversed()) {
      int others = DecisionDiagrams.FALSE;
      for (List<ArgumentCondition> other : shorter) {
        if (!other.equals(rule)) {
          others = diagrams.or(others, conditions.all(other));
        }
      }
      if (others == set) {
        shorter.remove(rule);
      }
    }
    return shorter;
  }

  private boolean isWithin(List<ArgumentCondition> rule, int set) {
    return diagrams.choose(set, DecisionDiagrams.FALSE, conditions.all(rule))
        == DecisionDiagrams.FALSE;
  }
}
