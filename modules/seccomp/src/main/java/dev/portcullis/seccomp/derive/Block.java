package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Values of an argument of which some bits are fixed: what one condition of a rule can say,
/// `(value & mask) == bits`.
record Block(long mask, long bits) {
  private static final long ALL = -1;

  /// The values of which a condition holds, as a filter compares registers.
  static List<Block> of(ArgumentCondition condition) {
    return of(condition, ALL);
  }

  /// The values of which a condition holds for the bits that the kernel takes, whatever the others
  /// are.
  ///
  /// @param taken the lowest bits; the condition's value has no others
  static List<Block> of(ArgumentCondition condition, long taken) {
    long value = condition.value();
    return switch (condition.operator()) {
      case EQ -> List.of(new Block(taken, value));
      case NE -> {
        List<Block> all = new ArrayList<>(below(value, taken));
        all.addAll(above(value, taken));
        yield all;
      }
      case LT -> below(value, taken);
      case LE -> value == taken ? List.of(new Block(0, 0)) : below(value + 1, taken);
      case GE -> value == 0 ? List.of(new Block(0, 0)) : above(value - 1, taken);
      case GT -> above(value, taken);
      case MASKED_EQ -> List.of(new Block(value & taken, condition.bits() & taken));
    };
  }

  /// Where a 1 of the value is a 0, and all above are the same.
  private static List<Block> below(long value, long taken) {
    return beside(value, value, taken);
  }

  /// Where a 0 of the value is a 1, and all above are the same.
  private static List<Block> above(long value, long taken) {
    return beside(value, ~value, taken);
  }

  private static List<Block> beside(long value, long flipped, long taken) {
    List<Block> blocks = new ArrayList<>();
    for (int i = Long.SIZE - 1; i >= 0; i--) {
      long bit = 1L << i;
      if ((taken & flipped & bit) != 0) {
        long mask = taken & -bit;
        blocks.add(new Block(mask, (value ^ bit) & mask));
      }
    }
    return blocks;
  }

  /// The values of both; nothing where there are none.
  Optional<Block> and(Block other) {
    long shared = mask & other.mask;
    return (bits & shared) == (other.bits & shared)
        ? Optional.of(new Block(mask | other.mask, bits | other.bits))
        : Optional.empty();
  }

  /// The values of both, each once.
  static List<Block> and(List<Block> some, List<Block> others) {
    List<Block> both = new ArrayList<>();
    for (Block one : some) {
      for (Block other : others) {
        one.and(other).ifPresent(both::add);
      }
    }
    return both.stream()
        .distinct()
        .filter(
            block -> both.stream().noneMatch(each -> !each.equals(block) && each.contains(block)))
        .toList();
  }

  private boolean contains(Block other) {
    return (mask & ~other.mask) == 0 && (other.bits & mask) == bits;
  }

  /// As a condition; nothing where it has every value.
  Optional<ArgumentCondition> condition(int index) {
    if (mask == 0) {
      return Optional.empty();
    }
    return Optional.of(
        mask == ALL
            ? new ArgumentCondition(index, bits, 0, Operator.EQ)
            : new ArgumentCondition(index, mask, bits, Operator.MASKED_EQ));
  }
}
