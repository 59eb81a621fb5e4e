package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;

/// Conditions on the arguments of one call, as rules of a profile can have them: each argument once
/// in a rule, since runtimes take a rule with one twice for several rules. What takes more is said
/// in several rules.
///
/// An argument of which the kernel takes fewer bits than a register has is compared in these bits,
/// so that it cannot be bypassed by the others.
final class Conjunction {
  /// What is left of so many is longer than a filter may be.
  private static final int MOST_RULES = 150;

  private final String call;

  Conjunction(String call) {
    this.call = call;
  }

  /// The rules for the calls of which all conditions hold.
  ///
  /// @throws InexpressibleException where they are too many
  List<List<ArgumentCondition>> all(List<ArgumentCondition> conditions)
      throws InexpressibleException {
    List<List<ArgumentCondition>> rules = List.of(List.of());
    for (ArgumentCondition condition : conditions) {
      List<List<ArgumentCondition>> longer = new ArrayList<>();
      for (List<ArgumentCondition> rule : rules) {
        longer.addAll(and(rule, condition));
      }
      rules = limited(longer);
    }
    return rules;
  }

  /// The rules for the calls of a rule of which some condition does not hold.
  ///
  /// @param rule its conditions, as runtimes read them
  /// @throws InexpressibleException where they are too many
  List<List<ArgumentCondition>> without(
      List<ArgumentCondition> rule, List<ArgumentCondition> conditions)
      throws InexpressibleException {
    List<List<ArgumentCondition>> rest = new ArrayList<>();
    for (ArgumentCondition condition : conditions) {
      for (ArgumentCondition not : not(condition)) {
        rest.addAll(and(rule, not));
      }
    }
    return limited(rest.stream().distinct().toList());
  }

  private static List<List<ArgumentCondition>> limited(List<List<ArgumentCondition>> rules)
      throws InexpressibleException {
    if (rules.size() > MOST_RULES) {
      throw new InexpressibleException("it needs more than " + MOST_RULES + " rules");
    }
    return rules;
  }

  /// Where a condition does not hold: the alternatives, each a condition.
  private static List<ArgumentCondition> not(ArgumentCondition condition) {
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

  /// The rules for the calls of a rule of which one more condition holds.
  private List<List<ArgumentCondition>> and(List<ArgumentCondition> rule, ArgumentCondition more) {
    int at = 0;
    while (at < rule.size() && rule.get(at).index() != more.index()) {
      at++;
    }
    long taken = ArgumentWidths.taken(call, more.index());
    if (at == rule.size() && taken == -1) {
      List<ArgumentCondition> longer = new ArrayList<>(rule);
      longer.add(more);
      return List.of(longer);
    }
    List<Block> blocks = Block.of(more, taken);
    if (at < rule.size()) {
      blocks = Block.and(asTaken(rule.get(at), taken), blocks);
    }
    List<List<ArgumentCondition>> rules = new ArrayList<>();
    for (Block block : blocks) {
      List<ArgumentCondition> changed = new ArrayList<>(rule.subList(0, at));
      block.condition(more.index()).ifPresent(changed::add);
      if (at < rule.size()) {
        changed.addAll(rule.subList(at + 1, rule.size()));
      }
      rules.add(changed);
    }
    return rules;
  }

  /// The values of a condition that was there. What it says of odd values, whose bits that the
  /// kernel ignores are set, is left out where it says the opposite of the plain one: a rule that
  /// allows all but 40 allows 40 with bits above.
  private static List<Block> asTaken(ArgumentCondition condition, long taken) {
    boolean plain = (condition.value() & ~taken) == 0;
    return switch (condition.operator()) {
      case NE ->
          Block.of(
              new ArgumentCondition(condition.index(), condition.value() & taken, 0, Operator.NE),
              taken);
      case GE, GT -> plain ? Block.of(condition, taken) : Block.of(condition);
      case LT, LE, EQ, MASKED_EQ -> Block.of(condition);
    };
  }
}
