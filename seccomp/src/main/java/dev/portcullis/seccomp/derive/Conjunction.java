package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Conditions that a rule of a profile can have: each argument once, since runtimes take a rule
/// with one twice for several rules.
final class Conjunction {
  private Conjunction() {}

  /// Where a condition does not hold: the alternatives, each a condition.
  static List<ArgumentCondition> not(ArgumentCondition condition) {
    return switch (condition.operator()) {
      case EQ -> with(condition, Operator.NE);
      case NE -> with(condition, Operator.EQ);
      case LT -> with(condition, Operator.GE);
      case LE -> with(condition, Operator.GT);
      case GE -> with(condition, Operator.LT);
      case GT -> with(condition, Operator.LE);
      case MASKED_EQ -> {
        // One of the bits is another.
        List<ArgumentCondition> bits = new ArrayList<>();
        for (int i = 0; i < Long.SIZE; i++) {
          long bit = 1L << i;
          if ((condition.value() & bit) != 0) {
            bits.add(
                new ArgumentCondition(
                    condition.index(), bit, ~condition.bits() & bit, Operator.MASKED_EQ));
          }
        }
        yield bits;
      }
    };
  }

  private static List<ArgumentCondition> with(ArgumentCondition condition, Operator operator) {
    return List.of(new ArgumentCondition(condition.index(), condition.value(), 0, operator));
  }

  /// The conditions and one more; nothing where they never hold together.
  ///
  /// @throws InexpressibleException where no rule can say it
  static Optional<List<ArgumentCondition>> and(
      List<ArgumentCondition> conditions, ArgumentCondition more) throws InexpressibleException {
    List<ArgumentCondition> all = new ArrayList<>(conditions);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).index() == more.index()) {
        Optional<ArgumentCondition> both = both(all.get(i), more);
        if (both.isEmpty()) {
          return Optional.empty();
        }
        all.set(i, both.get());
        return Optional.of(all);
      }
    }
    all.add(more);
    return Optional.of(all);
  }

  private static Optional<ArgumentCondition> both(ArgumentCondition a, ArgumentCondition b)
      throws InexpressibleException {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (a.operator() == Operator.EQ) {
      return b.holds(a.value()) ? Optional.of(a) : Optional.empty();
    }
    if (b.operator() == Operator.EQ) {
      return a.holds(b.value()) ? Optional.of(b) : Optional.empty();
    }
    if (a.operator() == Operator.MASKED_EQ && b.operator() == Operator.MASKED_EQ) {
      long shared = a.value() & b.value();
      return (a.bits() & shared) == (b.bits() & shared)
          ? Optional.of(
              new ArgumentCondition(
                  a.index(), a.value() | b.value(), a.bits() | b.bits(), Operator.MASKED_EQ))
          : Optional.empty();
    }
    throw new InexpressibleException(
        "it would need two conditions on argument "
            + a.index()
            + " ("
            + a.operator().spelling()
            + " and "
            + b.operator().spelling()
            + "), of which runtimes take one for enough");
  }
}
