package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes a condition of a diagram about arguments.
final class ConditionReader {
  private static final int MOST_ALTERNATIVES = 16;
  private static final int FEW_RANGES = 3;
  private static final int MOST_RANGES = 8;

  private static final int MOST_KINDS = 3;

  /// Bits of the words that a program loads.
  private static final int HALF = 32;

  private final DecisionDiagrams diagrams;
  private boolean complete = true;

  /// For one condition. Those of real profiles take a hundred.
  private static final int NODES = 1 << 13;

  private ConditionReader(DecisionDiagrams diagrams) {
    this.diagrams = diagrams;
  }

  static CallCondition read(DecisionDiagrams diagrams, int set) {
    return switch (diagrams.order) {
      case SEQUENTIAL ->
          diagrams.within(NODES, () -> byArgument(diagrams, set), () -> byPath(diagrams, set));
      case INTERLEAVED -> byPath(diagrams, set);
    };
  }

  private static CallCondition byArgument(DecisionDiagrams diagrams, int set) {
    ConditionReader reader = new ConditionReader(diagrams);
    List<CallCondition.Alternative> found = reader.alternatives(set);
    return new CallCondition(found, reader.complete);
  }

  private static CallCondition byPath(DecisionDiagrams diagrams, int set) {
    ConditionReader reader = new ConditionReader(diagrams);
    List<CallCondition.Alternative> found = reader.paths(set);
    return new CallCondition(found, reader.complete);
  }

  /// One argument, and then the others under each of its kinds of values.
  private List<CallCondition.Alternative> alternatives(int set) {
    if (set == DecisionDiagrams.FALSE) {
      return List.of();
    }
    if (set == DecisionDiagrams.TRUE) {
      return List.of(new CallCondition.Alternative(List.of()));
    }
    int value = diagrams.order.value(diagrams.level(set));
    int first = diagrams.order.level(value == 6 ? 3 : 5 + 2 * value, 31);
    List<CallCondition.Alternative> found = new ArrayList<>();
    // Each but one end has an alternative at least.
    for (int rest : Cofactors.first(MOST_ALTERNATIVES + 2, diagrams, set, first + 64)) {
      List<CallCondition.Alternative> after = alternatives(rest);
      if (after.isEmpty()) {
        continue;
      }
      for (ArgumentValues values :
          values(Cofactors.where(diagrams, set, first + 64, rest), first)) {
        for (CallCondition.Alternative alternative : after) {
          List<CallCondition.Test> tests = new ArrayList<>();
          tests.add(new CallCondition.Test(value, values));
          tests.addAll(alternative.tests());
          if (found.size() == MOST_ALTERNATIVES) {
            complete = false;
            return found;
          }
          found.add(new CallCondition.Alternative(tests));
        }
      }
    }
    return found;
  }

  /// Values of one argument in the shortest form that there is.
  private List<ArgumentValues> values(int set, int first) {
    List<Range> few = Ranges.of(diagrams, set, first, 64, FEW_RANGES);
    if (few != null) {
      return List.of(new ArgumentValues.Within(few));
    }
    List<long[]> masks = masks(set, 1);
    if (masks.size() == 1) {
      return List.of(new ArgumentValues.Masked(masks.getFirst()[0], masks.getFirst()[1]));
    }
    List<long[]> others = masks(diagrams.not(set), 1);
    if (others.size() == 1) {
      return List.of(new ArgumentValues.NotMasked(others.getFirst()[0], others.getFirst()[1]));
    }
    List<Range> more = Ranges.of(diagrams, set, first, 64, MOST_RANGES);
    if (more != null) {
      return List.of(new ArgumentValues.Within(more));
    }
    List<ArgumentValues> halves = halves(set, first);
    if (!halves.isEmpty()) {
      return halves;
    }
    List<long[]> all = masks(set, MOST_ALTERNATIVES);
    if (all.size() > MOST_ALTERNATIVES) {
      complete = false;
    }
    List<ArgumentValues> values = new ArrayList<>();
    for (long[] each : all.subList(0, Math.min(all.size(), MOST_ALTERNATIVES))) {
      values.add(new ArgumentValues.Masked(each[0], each[1]));
    }
    return values;
  }

  /// By kinds of lower halves: those that go with the same upper halves. Nothing where it takes
  /// many ranges.
  private List<ArgumentValues> halves(int set, int first) {
    List<Integer> ends = Cofactors.first(MOST_KINDS + 1, diagrams, set, first + HALF);
    if (ends.size() > MOST_KINDS) {
      return List.of();
    }
    List<ArgumentValues> found = new ArrayList<>();
    for (int kind = 1; kind < 1 << ends.size(); kind++) {
      int upper = DecisionDiagrams.FALSE;
      int lower = DecisionDiagrams.TRUE;
      for (int i = 0; i < ends.size(); i++) {
        int end = ends.get(i);
        boolean within = (kind >>> i & 1) == 1;
        lower = diagrams.and(lower, within ? end : diagrams.not(end));
        if (within) {
          upper = diagrams.or(upper, Cofactors.where(diagrams, set, first + HALF, end));
        }
      }
      if (lower != DecisionDiagrams.FALSE) {
        List<Range> high = Ranges.of(diagrams, upper, first, HALF, MOST_RANGES);
        List<Range> low = Ranges.of(diagrams, lower, first + HALF, HALF, MOST_RANGES);
        if (high == null || low == null) {
          return List.of();
        }
        found.add(new ArgumentValues.Halves(high, low));
      }
    }
    return found;
  }

  /// The ways to the end as mask and bits; one more than asked for means that there are more.
  private List<long[]> masks(int set, int most) {
    List<long[]> masks = new ArrayList<>();
    for (Map<Integer, long[]> path : new Paths(diagrams, most + 1).to(set)) {
      masks.add(path.values().iterator().next());
    }
    return masks;
  }

  private List<CallCondition.Alternative> paths(int set) {
    List<CallCondition.Alternative> found = new ArrayList<>();
    for (Map<Integer, long[]> path : new Paths(diagrams, MOST_ALTERNATIVES + 1).to(set)) {
      if (found.size() == MOST_ALTERNATIVES) {
        complete = false;
        break;
      }
      List<CallCondition.Test> tests = new ArrayList<>();
      new TreeMap<>(path)
          .forEach((value, bits) ->
              tests.add(
                  new CallCondition.Test(value, new ArgumentValues.Masked(bits[0], bits[1]))));
      found.add(new CallCondition.Alternative(tests));
    }
    return found;
  }
}
