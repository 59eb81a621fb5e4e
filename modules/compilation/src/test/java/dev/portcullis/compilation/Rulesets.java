package dev.portcullis.compilation;

import dev.portcullis.seccomp.compile.Ruleset;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Rulesets to be compiled. All are about mkdir(2) and its neighbours on x86_64.
final class Rulesets {
  static final int NE = 1;
  static final int EQ = 4;
  static final int GE = 5;
  private static final int ALLOW = 0x7fff0000;
  private static final int ERRNO = 0x00050001;
  private static final int MKDIR = 83;

  private Rulesets() {}

  /// One that libseccomp makes in no time.
  static Ruleset usual(int number) {
    return new Ruleset(
        ALLOW, List.of(), false, List.of(new Ruleset.Entry(ERRNO, number, List.of())));
  }

  /// One that libseccomp 2.5 and 2.6 do not end with.
  ///
  /// @param value makes it another one
  static Ruleset hanging(long value) {
    return new Ruleset(
        ALLOW,
        List.of(),
        false,
        List.of(
            entry(condition(0, NE, value), condition(1, GE, value)),
            entry(condition(0, NE, value), condition(1, NE, value))));
  }

  /// One that is not of little effort, and is made in no time all the same.
  static Ruleset seemingHard(long value) {
    return new Ruleset(
        ALLOW,
        List.of(),
        false,
        List.of(
            entry(condition(0, EQ, value), condition(1, EQ, value)),
            entry(condition(0, EQ, value + 1), condition(1, EQ, value))));
  }

  private static Ruleset.Entry entry(Ruleset.Condition... conditions) {
    return new Ruleset.Entry(ERRNO, MKDIR, List.of(conditions));
  }

  private static Ruleset.Condition condition(int argument, int operator, long value) {
    return new Ruleset.Condition(argument, operator, value, 0);
  }

  /// x86, arm, aarch64, ppc64le, mipsel and riscv64: of the machine's byte order.
  static final List<Integer> OTHERS =
      List.of(0x40000003, 0x40000028, 0xc00000b7, 0xc0000015, 0x40000008, 0xc00000f3);

  /// One of as many rules as can be sent, with six conditions each.
  static Ruleset large(List<Integer> architectures) {
    List<Ruleset.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      List<Ruleset.Condition> conditions = new ArrayList<>();
      for (int j = 0; j < 6; j++) {
        conditions.add(condition(j, EQ, 7L * i + j));
      }
      entries.add(new Ruleset.Entry(ERRNO, i % 300, conditions));
    }
    return new Ruleset(ALLOW, architectures, false, entries);
  }

  /// Any of little effort, with as many conditions as that may have.
  static Ruleset random(RandomGenerator random) {
    // x86, x32, aarch64, s390x and mips64, beside the machine's
    List<Integer> all = List.of(0x40000003, 0x4000003e, 0xc00000b7, 0x80000016, 0x80000008);
    boolean one = random.nextBoolean();
    int calls = 1 + random.nextInt(6);
    int arguments = 1 + random.nextInt(6);
    int operators = random.nextInt(3);
    List<Ruleset.Entry> entries = new ArrayList<>();
    for (int i = 0; i < (one ? calls : 32); i++) {
      // mkdir and others; socket and its siblings, and semop's, which x86 has behind one call each
      int number = List.of(83, 41, 49, 42, 29, 65).get(one ? i : random.nextInt(calls));
      List<Ruleset.Condition> conditions = new ArrayList<>();
      for (int j = 0; j < (one ? arguments : 1); j++) {
        conditions.add(
            new Ruleset.Condition(
                one ? j : random.nextInt(arguments),
                switch (operators) {
                  case 0 -> 1 + random.nextInt(7);
                  case 1 -> random.nextBoolean() ? NE : EQ;
                  default -> random.nextInt(1, 4);
                },
                value(random),
                value(random)));
      }
      entries.add(new Ruleset.Entry(random.nextInt(8) == 0 ? 0 : ERRNO, number, conditions));
      if (random.nextInt(40) == 0) {
        entries.add(new Ruleset.Entry(ERRNO, number, List.of()));
      }
    }
    return new Ruleset(
        ALLOW, all.subList(0, random.nextInt(all.size() + 1)), random.nextBoolean(), entries);
  }

  private static long value(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(4);
      case 1 -> 1L << random.nextInt(64);
      case 2 -> random.nextLong() >>> random.nextInt(64);
      default -> ((long) random.nextInt(3) << 32) | random.nextInt(3);
    };
  }
}
