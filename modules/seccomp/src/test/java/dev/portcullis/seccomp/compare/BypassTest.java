package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bypass;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What is found on the diagrams, against the program run with every pair of values that its
/// constants can tell apart.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class BypassTest {
  private static final int X86_64 = 0xC000003E;
  private static final int SOCKET = 41;
  private static final long LOWER = 0xffffffffL;

  /// Of socket's three arguments the kernel takes 32 bits; here of the third 16, as of a mode, and
  /// all of the others.
  private static final List<Long> TAKEN = List.of(LOWER, LOWER, 0xffffL, -1L, -1L, -1L);

  private static final List<Action> ACTIONS =
      List.of(Action.ALLOW, Action.ERRNO, Action.LOG, Action.KILL_PROCESS, Action.TRACE);

  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20261128);

  /// Nothing where the two rules contradict each other.
  private static Optional<Filters> compiled(Profile profile) {
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Optional.of(Filters.of(compiled.program()));
      case Compilation.Refused _ -> Optional.empty();
      case Compilation.Undecided(String reason) -> throw new AssertionError(reason);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Optional<Bypass> bypass(Filters filters) {
    Analysis<Optional<Bypass>> understanding =
        FilterSemantics.ask(
            List.of(filters), meanings -> meanings.getFirst().bypass(X86_64, SOCKET, TAKEN));
    return switch (understanding) {
      case Analysis.Understood(Optional<Bypass> bypass) -> bypass;
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  private long value() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(4);
      case 1 -> 1L << random.nextInt(64);
      case 2 -> random.nextInt(-3, 0);
      case 3 -> random.nextLong();
      default -> Integer.toUnsignedLong(random.nextInt(-50, 50));
    };
  }

  private ArgumentCondition condition(int index) {
    Operator[] operators = Operator.values();
    return new ArgumentCondition(index, value(), value(), operators[random.nextInt(7)]);
  }

  private Outcome outcome() {
    return new Outcome(Position.NONE, ACTIONS.get(random.nextInt(ACTIONS.size())), null);
  }

  private Profile profile() {
    List<Rule> rules = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(4);
      List<ArgumentCondition> conditions = new ArrayList<>(List.of(condition(first)));
      if (random.nextBoolean()) {
        conditions.add(condition((first + 1 + random.nextInt(3)) % 4));
      }
      rules.add(RandomProfiles.rule("socket", outcome(), conditions));
    }
    return RandomProfiles.profile(outcome(), rules);
  }

  /// The values of an argument that its conditions can tell apart.
  private static List<Long> candidates(Profile profile, int argument) {
    Set<Long> lower = new TreeSet<>(Set.of(0L));
    Set<Long> upper = new TreeSet<>(Set.of(0L));
    for (Rule rule : profile.rules()) {
      for (ArgumentCondition condition : rule.arguments()) {
        if (condition.index() == argument) {
          upper.addAll(Set.of(LOWER, 1L));
          boolean masked = condition.operator() == Operator.MASKED_EQ;
          for (long value :
              masked
                  ? new long[] {condition.bits(), condition.bits() ^ condition.value()}
                  : new long[] {condition.value(), condition.value() - 1, condition.value() + 1}) {
            lower.add(value & LOWER);
            upper.add(value >>> 32);
            if (argument == 2) {
              lower.add(value & 0xffff);
              lower.add((value & 0xffff) | 0x10000);
            }
          }
        }
      }
    }
    List<Long> all = new ArrayList<>();
    for (long high : upper) {
      lower.forEach(low -> all.add(high << 32 | low));
    }
    return all;
  }

  private static boolean isPlain(long value, int argument) {
    long taken = TAKEN.get(argument);
    return (value & ~taken) == 0 || (taken == LOWER && value == (int) value);
  }

  /// As it is, or with the same bits of those that are taken, and odd.
  private static boolean isLike(long value, long other, int argument) {
    return value == other
        || (((value ^ other) & TAKEN.get(argument)) == 0 && !isPlain(other, argument));
  }

  private static boolean isBypass(Kind denied, Kind passed) {
    return passed.compareTo(Kind.USER_NOTIF) >= 0 && denied.compareTo(passed) < 0;
  }

  /// @param like pairs of values for each argument
  private static boolean any(Filters filters, List<List<long[]>> like) {
    for (long[] a : like.get(0)) {
      for (long[] b : like.get(1)) {
        for (long[] c : like.get(2)) {
          for (long[] d : like.get(3)) {
            if (isBypass(
                filters.run(Call.of(X86_64, SOCKET, a[0], b[0], c[0], d[0])).kind(),
                filters.run(Call.of(X86_64, SOCKET, a[1], b[1], c[1], d[1])).kind())) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  @Test
  void whatIsFoundIsWhatTheProgramDoes() {
    int found = 0;
    int none = 0;
    for (int i = 0; i < 1500; i++) {
      Profile profile = profile();
      List<List<long[]>> like = new ArrayList<>();
      int pairs = 1;
      for (int argument = 0; argument < 4; argument++) {
        List<long[]> of = new ArrayList<>();
        List<Long> candidates = candidates(profile, argument);
        for (long denied : candidates) {
          for (long passed : candidates) {
            if (isPlain(denied, argument) && isLike(denied, passed, argument)) {
              of.add(new long[] {denied, passed});
            }
          }
        }
        like.add(of);
        pairs *= of.size();
      }
      Optional<Filters> made = compiled(profile);
      if (made.isEmpty()) {
        continue;
      }
      Filters filters = made.get();
      Optional<Bypass> bypass = bypass(filters);
      if (bypass.isPresent()) {
        Call denied = bypass.get().denied();
        Call passed = bypass.get().passed();
        assertThat(isBypass(filters.run(denied).kind(), filters.run(passed).kind()))
            .as("%s: %s", i, profile)
            .isTrue();
        for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
          assertThat(isPlain(denied.arguments().get(argument), argument)).isTrue();
          assertThat(
                  isLike(
                      denied.arguments().get(argument), passed.arguments().get(argument), argument))
              .isTrue();
        }
        found++;
      } else if (pairs < 1_000_000) {
        assertThat(any(filters, like)).as("%s: %s", i, profile).isFalse();
        none++;
      }
    }
    assertThat(found).isGreaterThan(300);
    assertThat(none).isGreaterThan(300);
  }
}
