package dev.portcullis.seccomp.compare;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.RuleCondition;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Profiles for x86_64, made at random; each call is named by one rule, so that no rule's order
/// matters.
final class RandomProfiles {
  static final List<String> NAMES =
      List.of(
          "read", "write", "open", "close", "stat", "ioctl", "socket", "clone", "mkdir", "rmdir",
          "kill", "prctl", "mount", "openat", "unshare", "bpf", "clone3");
  static final int[] NUMBERS = {
    0, 1, 2, 3, 4, 16, 41, 56, 83, 84, 62, 157, 165, 257, 272, 321, 435
  };
  private static final List<Action> ACTIONS =
      List.of(
          Action.ALLOW,
          Action.ERRNO,
          Action.LOG,
          Action.TRAP,
          Action.KILL,
          Action.KILL_PROCESS,
          Action.TRACE);

  private static final List<Operator> OPERATORS = List.of(Operator.values());

  private final RandomGenerator random;

  RandomProfiles(RandomGenerator random) {
    this.random = random;
  }

  Profile next() {
    List<Rule> rules = new ArrayList<>();
    for (String name : NAMES) {
      if (random.nextInt(3) > 0) {
        rules.add(rule(name, outcome(), conditions()));
      }
    }
    return profile(outcome(), rules);
  }

  static Profile profile(Outcome defaultOutcome, List<Rule> rules) {
    return new Profile(
        defaultOutcome,
        new Architectures.Listed(List.of(Architecture.X86_64)),
        List.of(),
        Listener.NONE,
        rules);
  }

  static Rule rule(String name, Outcome outcome, List<ArgumentCondition> conditions) {
    return new Rule(
        Position.NONE,
        new SyscallNames(
            SyscallNames.Spelling.NAMES, List.of(new SyscallName(Position.NONE, name))),
        outcome,
        conditions,
        RuleCondition.NONE,
        "");
  }

  private Outcome outcome() {
    Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
    return new Outcome(
        Position.NONE, action, action == Action.ERRNO ? 1 + random.nextInt(3) : null);
  }

  private List<ArgumentCondition> conditions() {
    List<ArgumentCondition> conditions = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
      long value = value();
      conditions.add(
          new ArgumentCondition(
              random.nextInt(6),
              value,
              operator == Operator.MASKED_EQ ? bits(value) : 0,
              operator));
    }
    return conditions;
  }

  /// Every third with bits that the mask has not, which libseccomp drops.
  private long bits(long mask) {
    return random.nextInt(3) == 0 ? value() : value() & mask;
  }

  private long value() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(4);
      case 1 -> 1L << random.nextInt(64);
      case 2 -> random.nextLong();
      case 3 -> random.nextInt();
      default -> Integer.toUnsignedLong(random.nextInt());
    };
  }

  /// Around the value of a condition: one less, one more, halves swapped, all ones.
  static List<Long> interesting(ArgumentCondition condition) {
    List<Long> values = new ArrayList<>(List.of(0L, -1L));
    for (long value : new long[] {condition.value(), condition.valueTwo()}) {
      values.addAll(
          List.of(
              value,
              value - 1,
              value + 1,
              value << 32 | value >>> 32,
              value | 0xffffffff00000000L,
              value & 0xffffffffL,
              ~value));
    }
    return values;
  }
}
