package dev.portcullis.seccomp.profile;

import java.util.List;
import java.util.Optional;

/// A condition on one argument of a system call.
///
/// @param index which argument, from 0 to 5
/// @param value what it is compared with, or the mask of {@link Operator#MASKED_EQ}; unsigned
/// @param valueTwo what is left under the mask; unsigned. Bits that the mask has not are dropped,
///   as libseccomp drops them: they compare nothing
public record ArgumentCondition(int index, long value, long valueTwo, Operator operator) {
  public ArgumentCondition {
    if (index < 0 || index > 5) {
      throw new IllegalArgumentException("a system call has no argument " + index);
    }
  }

  /// Whether one argument has several of these conditions.
  public static boolean isRepeated(List<ArgumentCondition> conditions) {
    return conditions.stream().map(ArgumentCondition::index).distinct().count() < conditions.size();
  }

  /// Whether a value of the argument fulfils it.
  public boolean holds(long argument) {
    int order = Long.compareUnsigned(argument, value);
    return switch (operator) {
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case EQ -> order == 0;
      case GE -> order >= 0;
      case GT -> order > 0;
      case MASKED_EQ -> (argument & value) == bits();
    };
  }

  /// What is left under the mask of {@link Operator#MASKED_EQ}, as the filter compares it.
  public long bits() {
    return valueTwo & value;
  }

  /// A value that fulfils it; nothing where there is none.
  public Optional<Long> example() {
    return switch (operator) {
      case NE -> Optional.of(value == 0 ? 1L : 0L);
      case LT -> value == 0 ? Optional.empty() : Optional.of(value - 1);
      case LE, EQ, GE -> Optional.of(value);
      case GT -> value == -1 ? Optional.empty() : Optional.of(value + 1);
      case MASKED_EQ -> Optional.of(bits());
    };
  }
}
