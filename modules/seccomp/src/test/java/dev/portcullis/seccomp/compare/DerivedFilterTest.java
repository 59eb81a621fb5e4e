package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.DerivationCheck;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Derived filters against the requested changes, call by call: what is named is denied or allowed
/// whatever the bits are that the kernel ignores, and the rest is as it was.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class DerivedFilterTest {
  private static final int X86_64 = 0xC000003E;
  private static final int SOCKET = 41;
  private static final int REMAP_FILE_PAGES = 216;
  private static final long LOWER = 0xffffffffL;
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();

  private final RandomGenerator random =
      RandomGeneratorFactory.of("L64X128MixRandom").create(20261128);

  private static Optional<Filters> compiled(Profile profile) {
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Optional.of(Filters.of(compiled.program()));
      case Compilation.Refused _ -> Optional.empty();
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  /// Of the call's argument, which the kernel takes in whole or in its lower half.
  private static long taken(boolean narrow, int argument) {
    return narrow && argument < 3 ? LOWER : -1;
  }

  private long value(long taken) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong() & taken;
      case 1 -> -1 - random.nextInt(3) & taken;
      default -> random.nextInt(40);
    };
  }

  private ArgumentCondition condition(int index, long taken) {
    Operator[] all = Operator.values();
    Operator operator = all[random.nextInt(all.length)];
    long value = value(taken);
    return new ArgumentCondition(
        index, value, operator == Operator.MASKED_EQ ? value(taken) & value : 0, operator);
  }

  private List<ArgumentCondition> conditions(boolean narrow, boolean several, boolean repeated) {
    List<ArgumentCondition> conditions = new ArrayList<>();
    int first = random.nextInt(3);
    conditions.add(condition(first, taken(narrow, first)));
    if (several && random.nextInt(3) == 0) {
      int second = repeated && random.nextBoolean() ? first : (first + 1) % 3;
      conditions.add(condition(second, taken(narrow, second)));
    }
    return conditions;
  }

  private long[] arguments(boolean narrow, List<ArgumentCondition> conditions) {
    long[] arguments = new long[Call.ARGUMENTS];
    for (ArgumentCondition condition : conditions) {
      if (random.nextInt(5) > 0) {
        List<Long> values = RandomProfiles.interesting(condition);
        long odd = random.nextBoolean() ? 0 : value(-1) & ~taken(narrow, condition.index());
        arguments[condition.index()] = values.get(random.nextInt(values.size())) ^ odd;
      }
    }
    return arguments;
  }

  private static long[] plain(boolean narrow, long[] arguments) {
    long[] plain = arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      plain[i] &= taken(narrow, i);
    }
    return plain;
  }

  private static boolean allHold(List<ArgumentCondition> conditions, long[] arguments) {
    return conditions.stream().allMatch(each -> each.holds(arguments[each.index()]));
  }

  /// As runtimes read it; rules that contradict each other there are none.
  private static boolean allows(Profile profile, long[] arguments) {
    return profile.rules().stream()
        .filter(rule -> allHold(rule.arguments(), arguments))
        .findFirst()
        .map(rule -> rule.outcome().action() == Action.ALLOW)
        .orElse(profile.defaultOutcome().action() == Action.ALLOW);
  }

  /// One change of a profile with one rule, and what was made of it.
  private record Case(boolean narrow, Profile origin, ProfileEdit change, Profile made) {}

  private Optional<Case> next(boolean several) {
    boolean narrow = random.nextInt(3) > 0;
    String name = narrow ? "socket" : "remap_file_pages";
    boolean strict = random.nextBoolean();
    Outcome byDefault = new Outcome(Position.NONE, strict ? Action.ERRNO : Action.ALLOW, null);
    Outcome other = new Outcome(Position.NONE, strict ? Action.ALLOW : Action.ERRNO, null);
    List<ArgumentCondition> had =
        random.nextInt(4) == 0 ? List.of() : conditions(narrow, several, false);
    Profile origin =
        RandomProfiles.profile(byDefault, List.of(RandomProfiles.rule(name, other, had)));
    ProfileEdit change =
        new ProfileEdit(
            "change", random.nextBoolean(), List.of(name), conditions(narrow, several, true));
    return Derivation.of(Profiles.resolved(origin), List.of(change))
            instanceof Derivation.Derived(ResolvedProfile made)
        ? Optional.of(new Case(narrow, origin, change, made.written()))
        : Optional.empty();
  }

  private long[] arguments(Case of) {
    List<ArgumentCondition> all = new ArrayList<>(of.change().conditions());
    of.origin().rules().forEach(rule -> all.addAll(rule.arguments()));
    return arguments(of.narrow(), all);
  }

  @Test
  void whatIsNamedIsAsWishedAndTheRestAsItWas() {
    int derived = 0;
    for (int i = 0; i < 1000; i++) {
      Optional<Case> next = next(true);
      if (next.isEmpty()) {
        continue;
      }
      Case of = next.get();
      derived++;
      for (int j = 0; j < 200; j++) {
        long[] arguments = arguments(of);
        long[] plain = plain(of.narrow(), arguments);
        boolean is = allows(of.made(), arguments);
        if (allHold(of.change().conditions(), plain)) {
          assertThat(is)
              .as("%s: %s %s", i, Call.of(X86_64, 0, arguments), of)
              .isEqualTo(of.change().allow());
        } else {
          assertThat(is)
              .as("%s: %s %s", i, Call.of(X86_64, 0, arguments), of)
              .isIn(allows(of.origin(), arguments), allows(of.origin(), plain));
        }
      }
    }
    assertThat(derived).isGreaterThan(500);
  }

  /// What libseccomp makes of the profile. It loses some rules for one call (2.5.4); no such filter
  /// may be weaker where something was to be denied, or stricter where it was to be allowed.
  @Test
  void whatLibseccompMakesOfItIsLookedAt() {
    int right = 0;
    int lost = 0;
    for (int i = 0; i < 400; i++) {
      Optional<Case> next = next(false);
      // libseccomp takes minutes for many rules with masks.
      if (next.isEmpty() || next.get().made().rules().size() > 40) {
        continue;
      }
      Optional<Filters> before = next.flatMap(of -> compiled(of.origin()));
      Optional<Filters> after = next.flatMap(of -> compiled(of.made()));
      if (before.isEmpty() || after.isEmpty()) {
        continue;
      }
      Case of = next.get();
      List<ProfileEdit> changes = List.of(of.change());
      if (!DerivationCheck.unmet(changes, after.get(), Architecture.X86_64, TABLE).isEmpty()
          || !DerivationCheck.unexpected(changes, Comparison.of(after.get(), before.get(), TABLE))
              .isEmpty()) {
        lost++;
        continue;
      }
      right++;
      for (int j = 0; j < 200; j++) {
        long[] arguments = arguments(of);
        int number = of.narrow() ? SOCKET : REMAP_FILE_PAGES;
        Verdict is = after.get().run(Call.of(X86_64, number, arguments));
        if (allHold(of.change().conditions(), plain(of.narrow(), arguments))) {
          assertThat(is.kind() == Kind.ALLOW).as("%s: %s", i, of).isEqualTo(of.change().allow());
        }
      }
    }
    assertThat(right).isGreaterThan(100);
    assertThat(lost).isLessThan(40);
  }
}
