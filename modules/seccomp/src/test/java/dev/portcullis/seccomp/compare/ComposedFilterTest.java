package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Compositions of generated profiles before the four judges of {@link AgreementTest}, which share
/// no code: the text of the profiles, the programs in the interpreter, what they mean, and what is
/// found by comparing.
///
/// `-Dportcullis.composition=N` takes N pairs, and `-Dportcullis.seed=N` other ones.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ComposedFilterTest {
  private static final int X86_64 = 0xC000003E;
  private static final int PAIRS = Integer.getInteger("portcullis.composition", 40);
  private static final long SEED = Long.getLong("portcullis.seed", 17);
  private static final int CALLS = 300;

  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final LibseccompCalls LIBSECCOMP = LibseccompCalls.ofThisMachine().orElseThrow();
  private static final Compiler COMPILER = Compiler.by(ComposedFilterTest::compile);
  private static final Composer COMPOSER =
      new Composer(COMPILER, TABLE, Architecture.X86_64, EnumSet.allOf(Dialect.class));

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

  /// Not those that libseccomp might never finish ({@link Effort}), for which the product gives it
  /// two seconds.
  private static RulesetCompiler.Answer compile(Ruleset ruleset) {
    return Effort.of(ruleset) == Effort.SMALL
        ? LIBSECCOMP.compile(ruleset)
        : new RulesetCompiler.Undecided("it may take for ever");
  }

  private static Filters compiled(ResolvedProfile profile, Dialect dialect) {
    return switch (COMPILER.compile(profile, dialect)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused(String reason) -> throw new AssertionError(reason);
      case Compilation.Undecided(String reason) -> throw new AssertionError(reason);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Profile withoutTracer(Profile profile) {
    Profile rules =
        RandomProfiles.profile(
            profile.defaultOutcome(),
            profile.rules().stream()
                .filter(rule -> rule.outcome().action() != Action.TRACE)
                .toList());
    return profile.defaultOutcome().action() == Action.TRACE
        ? RandomProfiles.profile(Profiles.with("ALLOW", "").defaultOutcome(), rules.rules())
        : rules;
  }

  /// Of the size that people write: some calls by one argument, and no mask without an end.
  private Profile modest() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < RandomProfiles.NAMES.size(); i++) {
      if (random.nextInt(4) > 0) {
        rules.add(
            RandomProfiles.rule(
                RandomProfiles.NAMES.get(i),
                outcome(),
                random.nextInt(3) > 0 ? List.of() : List.of(modest(i % 3))));
      }
    }
    return RandomProfiles.profile(outcome(), rules);
  }

  private Outcome outcome() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Outcome(Position.NONE, Action.ALLOW, null);
      case 2 -> new Outcome(Position.NONE, Action.LOG, null);
      case 3 -> new Outcome(Position.NONE, Action.KILL, null);
      case 4 -> new Outcome(Position.NONE, Action.ERRNO, 38);
      default -> new Outcome(Position.NONE, Action.ERRNO, null);
    };
  }

  private ArgumentCondition modest(int index) {
    Operator[] all = Operator.values();
    Operator operator = all[random.nextInt(all.length)];
    long value = random.nextBoolean() ? random.nextInt(20) : 1L << random.nextInt(40);
    return new ArgumentCondition(
        index, value, operator == Operator.MASKED_EQ && random.nextBoolean() ? value : 0, operator);
  }

  private List<Profile> next(RandomProfiles profiles, int count) {
    int kind = random.nextInt(8);
    List<Profile> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(
          switch (kind) {
            case 0 -> profiles.next();
            case 1 -> withoutTracer(profiles.next());
            default -> modest();
          });
    }
    if (random.nextInt(3) > 0) {
      parts.replaceAll(
          each -> RandomProfiles.profile(parts.getFirst().defaultOutcome(), each.rules()));
    }
    // Like a profile of the same family: with most rules of the other.
    if (random.nextInt(3) == 0) {
      Profile first = parts.getFirst();
      List<Rule> rules = new ArrayList<>(first.rules());
      rules.removeIf(_ -> random.nextInt(4) == 0);
      parts.set(1, RandomProfiles.profile(first.defaultOutcome(), rules));
    }
    return parts;
  }

  private static List<NamedProfile> named(List<Profile> parts) {
    return parts.stream()
        .map(each -> new NamedProfile("part", Profiles.resolved(each), Beside.NONE))
        .toList();
  }

  private long[] arguments(List<Profile> all, String name) {
    long[] arguments = new long[Call.ARGUMENTS];
    for (Profile profile : all) {
      for (Rule rule : profile.rules()) {
        for (ArgumentCondition condition : rule.arguments()) {
          if (rule.names().list().stream().anyMatch(each -> each.name().equals(name))
              && random.nextBoolean()) {
            List<Long> values = RandomProfiles.interesting(condition);
            arguments[condition.index()] =
                random.nextInt(8) == 0
                    ? random.nextLong()
                    : values.get(random.nextInt(values.size()));
          }
        }
      }
    }
    return arguments;
  }

  /// Written out once more: the kind that counts, and that some profile gives.
  private static void assertCombined(
      String what, Combination combination, Verdict is, List<Verdict> verdicts) {
    Comparator<Kind> order = Comparator.naturalOrder();
    Kind kind =
        verdicts.stream()
            .map(Verdict::kind)
            .min(combination == Combination.INTERSECTION ? order : order.reversed())
            .orElseThrow();
    assertThat(is.kind()).as(what).isEqualTo(kind);
    assertThat(verdicts).as(what).contains(is);
  }

  @Test
  void pairsAndTriples() {
    RandomProfiles profiles = new RandomProfiles(random);
    int made = 0;
    int refused = 0;
    int text = 0;
    for (int i = 0; i < PAIRS; i++) {
      List<Profile> parts = next(profiles, i % 5 == 0 ? 3 : 2);
      for (Combination combination : Combination.values()) {
        switch (COMPOSER.compose(combination, named(parts), false)) {
          case Composition.Composed composed -> {
            assertThat(composed.exact()).isTrue();
            text += judge(combination, parts, composed.profile());
            made++;
          }
          case Composition.Refused(String reason, List<Difference> _) -> {
            assertThat(reason).isNotEmpty();
            refused++;
          }
          case Composition.Undecided(String reason, boolean _) -> {
            assertThat(reason).contains("it may take for ever");
            refused++;
          }
        }
      }
    }
    System.out.printf("composed %d of %d profiles%n", made, made + refused);
    assertThat(made).isGreaterThan(PAIRS / 2);
    assertThat(text).isGreaterThan(PAIRS * CALLS / 4);
  }

  /// @return how many calls were judged by the texts
  private int judge(Combination combination, List<Profile> parts, ResolvedProfile result) {
    Profile written = result.written();
    List<Profile> all = new ArrayList<>(parts);
    all.add(written);
    assertThat(written.rules()).noneMatch(rule -> ArgumentCondition.isRepeated(rule.arguments()));
    int byText = 0;
    for (Dialect dialect : Set.of(Dialect.RUNC, Dialect.CRUN)) {
      Filters filter = compiled(result, dialect);
      List<Filters> filters =
          parts.stream().map(each -> compiled(Profiles.resolved(each), dialect)).toList();
      FilterSemantics meaning =
          switch (FilterSemantics.ask(List.of(filter), meanings -> meanings.getFirst())) {
            case Analysis.Understood(FilterSemantics understood) -> understood;
            case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
          };
      for (int j = 0; j < CALLS; j++) {
        int which = random.nextInt(RandomProfiles.NAMES.size());
        String name = RandomProfiles.NAMES.get(which);
        long[] arguments = arguments(all, name);
        Call call = Call.of(X86_64, RandomProfiles.NUMBERS[which], arguments);
        String what = "seed %d: %s of %s in %s".formatted(SEED, call, parts, result);
        Verdict run = filter.run(call);
        assertThat(meaning.verdict(call)).as(what).isEqualTo(run);
        assertCombined(
            what, combination, run, filters.stream().map(each -> each.run(call)).toList());
        // libseccomp loses some rules that have an argument twice.
        if (dialect == Dialect.CRUN
            && parts.stream().noneMatch(part -> WrittenProfile.repeats(part, name))) {
          Verdict says = WrittenProfile.verdict(written, name, arguments);
          assertThat(says).as(what).isEqualTo(run);
          assertCombined(
              what,
              combination,
              says,
              parts.stream().map(part -> WrittenProfile.verdict(part, name, arguments)).toList());
          byText++;
        }
      }
      compared(combination, filter, filters);
    }
    return byText;
  }

  /// The comparer alone, which knows nothing of composing: on the right side of each part, and an
  /// intersection what the kernel makes of all filters on one task.
  private static void compared(Combination combination, Filters filter, List<Filters> filters) {
    filters.forEach(part -> onItsSide(combination, filter, part));
    if (combination == Combination.INTERSECTION) {
      List<Program> together = new ArrayList<>();
      filters.forEach(each -> together.addAll(each.newestFirst()));
      assertThat(differences(filter, new Filters(together)))
          .noneMatch(each -> each.first().kind() != each.second().kind());
    }
  }

  private static void onItsSide(Combination combination, Filters filter, Filters part) {
    assertThat(differences(filter, part))
        .noneMatch(each ->
            combination == Combination.INTERSECTION
                ? each.second().isStricterThan(each.first())
                : each.first().isStricterThan(each.second()));
  }

  /// Without numbers that no kernel has as calls, and answers with ENOSYS whatever a filter lets
  /// through.
  private static List<Difference> differences(Filters a, Filters b) {
    return switch (Comparison.of(a, b, TABLE)) {
      case Analysis.Understood(Comparison compared) ->
          compared.differences().stream().filter(each -> !isAboutNoCall(each)).toList();
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  private static boolean isAboutNoCall(Difference difference) {
    Verdict noSuchCall = new Verdict(Kind.ERRNO, 38);
    return difference.where().equals(List.of("x32"))
        && difference.names().isEmpty()
        && difference.witness().number() < 0
        && (difference.first().equals(noSuchCall) || difference.second().equals(noSuchCall));
  }

  /// A composition without one of its rules is found out, or the judges above see nothing.
  @Test
  void aLostRuleIsSeen() {
    RandomProfiles profiles = new RandomProfiles(random);
    int seen = 0;
    for (int i = 0; i < 10; i++) {
      List<Profile> parts = next(profiles, 2);
      if (COMPOSER.compose(Combination.UNION, named(parts), false)
              instanceof Composition.Composed composed
          && composed.profile().rules().size() > 1) {
        ResolvedProfile whole = composed.profile();
        List<ResolvedRule> fewer = whole.rules().subList(1, whole.rules().size());
        ResolvedProfile less =
            new ResolvedProfile(
                whole.defaultOutcome(),
                whole.architectures(),
                whole.flags(),
                whole.listener(),
                fewer);
        seen +=
            differences(compiled(less, Dialect.CRUN), compiled(whole, Dialect.CRUN)).isEmpty()
                ? 0
                : 1;
      }
    }
    assertThat(seen).isPositive();
  }

  /// On the right side of every part, with what is not exact shown.
  @Test
  void approximations() {
    RandomProfiles profiles = new RandomProfiles(random);
    int approximated = 0;
    for (int i = 0; i < PAIRS; i++) {
      List<Profile> parts = next(profiles, 2);
      for (Combination combination : Combination.values()) {
        if (COMPOSER.compose(combination, named(parts), true)
                instanceof Composition.Composed composed
            && !composed.exact()) {
          approximated++;
          assertThat(composed.differences()).isNotEmpty();
          for (Dialect dialect : Dialect.values()) {
            Filters filter = compiled(composed.profile(), dialect);
            for (Profile part : parts) {
              onItsSide(combination, filter, compiled(Profiles.resolved(part), dialect));
            }
          }
        }
      }
    }
    assertThat(approximated).isPositive();
  }
}
