package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;

/// What libseccomp's header calls the words of a profile.
final class LibseccompConstants {
  private LibseccompConstants() {}

  /// `SCMP_ACT_*` with the errno or message in its lower half.
  static int of(Outcome outcome) {
    int data = outcome.effectiveErrno() & 0xffff;
    return switch (outcome.action()) {
      case KILL, KILL_THREAD -> 0x00000000;
      case KILL_PROCESS -> 0x80000000;
      case TRAP -> 0x00030000;
      case ERRNO -> 0x00050000 | data;
      case NOTIFY -> 0x7fc00000;
      case TRACE -> 0x7ff00000 | data;
      case LOG -> 0x7ffc0000;
      case ALLOW -> 0x7fff0000;
    };
  }

  static Ruleset.Condition of(ArgumentCondition condition) {
    return new Ruleset.Condition(
        condition.index(), of(condition.operator()), condition.value(), condition.valueTwo());
  }

  // enum scmp_compare
  private static int of(Operator operator) {
    return switch (operator) {
      case NE -> 1;
      case LT -> 2;
      case LE -> 3;
      case EQ -> 4;
      case GE -> 5;
      case GT -> 6;
      case MASKED_EQ -> 7;
    };
  }
}
