package dev.portcullis.seccomp.optimise;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.DialectFilters;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.compose.OutcomeTable;
import dev.portcullis.seccomp.compose.RulesAnew;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Finds a profile whose filter does the same with every call, in every dialect, the errnos
/// included, and runs fewer instructions. The rules of one call after the other are made anew of
/// what the filter does; what is not cheaper, or not the same, is left.
///
/// @param machine this machine's
/// @param dialect whose filter is to be cheaper
public record Optimiser(
    Compiler compiler, SyscallTable table, Architecture machine, Dialect dialect) {
  /// Each is tried in three ways, and libseccomp makes a filter for each.
  public static final int MOST_CALLS = 64;

  private static final List<Dialect> DIALECTS = List.of(Dialect.values());

  /// What came of it.
  public sealed interface Optimisation {
    /// It is cheaper, and proven to do the same.
    ///
    /// @param rules of the calls that changed: how many there were, and are
    record Cheaper(
        ResolvedProfile profile,
        FilterCost before,
        FilterCost after,
        Map<String, List<Integer>> rules)
        implements Optimisation {
      public Cheaper {
        rules = Map.copyOf(rules);
      }
    }

    /// No way that was tried is cheaper.
    record NoneCheaper(FilterCost cost) implements Optimisation {}

    /// Too many calls have conditions.
    ///
    /// @param calls how many do
    record NotTried(FilterCost cost, int calls) implements Optimisation {}

    /// There is no filter to make cheaper.
    record Unknown(String reason, boolean unavailable) implements Optimisation {}
  }

  /// Makes the rules of one call of a profile anew.
  interface RuleMaker {
    ResolvedProfile anew(
        ResolvedProfile profile, Filters filters, String name, ArgumentDecision.Shape shape);
  }

  /// Tries it.
  public Optimisation of(NamedProfile origin, CallWeights weights) {
    OutcomeTable outcomes = new OutcomeTable(List.of(origin));
    return of(
        origin,
        weights,
        (profile, filters, name, shape) -> anew(profile, outcomes, filters, name, shape));
  }

  /// The same with other ways to make rules; each is proven.
  Optimisation of(NamedProfile origin, CallWeights weights, RuleMaker ways) {
    DialectFilters before;
    switch (DialectFilters.of(origin.name(), compiler.compileAll(origin.profile()), DIALECTS)) {
      case DialectFilters.Reading.Made(DialectFilters filters) -> before = filters;
      case DialectFilters.Reading.Failed(Composition why) -> {
        return unknown(why);
      }
    }
    Set<String> names = conditional(origin.profile());
    FilterCost first = cost(before, weights);
    if (names.size() > MOST_CALLS) {
      return new Optimisation.NotTried(first, names.size());
    }
    ResolvedProfile best = origin.profile();
    FilterCost cost = first;
    Map<String, List<Integer>> changed = new TreeMap<>();
    for (String name : names) {
      for (ArgumentDecision.Shape shape : ArgumentDecision.Shape.values()) {
        ResolvedProfile tried = ways.anew(best, before.in(dialect), name, shape);
        if (DialectFilters.of(origin.name(), compiler.compileAll(tried), DIALECTS)
            instanceof DialectFilters.Reading.Made(DialectFilters after)) {
          FilterCost its = cost(after, weights);
          if (its.compareTo(cost) < 0 && isSame(before, after)) {
            changed.put(name, List.of(rules(origin.profile(), name), rules(tried, name)));
            best = tried;
            cost = its;
          }
        }
      }
    }
    return changed.isEmpty()
        ? new Optimisation.NoneCheaper(first)
        : new Optimisation.Cheaper(best, first, cost, changed);
  }

  private static Optimisation unknown(Composition why) {
    return switch (why) {
      case Composition.Refused refused -> new Optimisation.Unknown(refused.reason(), false);
      case Composition.Undecided(String reason, boolean unavailable) ->
          new Optimisation.Unknown(reason, unavailable);
      case Composition.Composed _ -> throw new IllegalArgumentException("nothing failed");
    };
  }

  private FilterCost cost(DialectFilters filters, CallWeights weights) {
    return FilterCost.of(filters.in(dialect).newestFirst().getFirst(), weights);
  }

  /// Names that some rule has conditions for; without them libseccomp makes one comparison.
  private static Set<String> conditional(ResolvedProfile profile) {
    Set<String> names = new TreeSet<>();
    for (ResolvedRule rule : profile.rules()) {
      if (!rule.arguments().isEmpty()) {
        rule.names().forEach(each -> names.add(each.name()));
      }
    }
    return names;
  }

  private static int rules(ResolvedProfile profile, String name) {
    return (int)
        profile.rules().stream()
            .filter(rule -> rule.names().stream().anyMatch(each -> each.name().equals(name)))
            .count();
  }

  private ResolvedProfile anew(
      ResolvedProfile profile,
      OutcomeTable outcomes,
      Filters filters,
      String name,
      ArgumentDecision.Shape shape) {
    return switch (FilterSemantics.ask(
        List.of(filters),
        meanings ->
            new RulesAnew(meanings.getFirst(), table, machine, outcomes::of)
                .of(profile, Set.of(name), shape, UnaryOperator.identity()))) {
      case Analysis.Understood(ResolvedProfile anew) -> anew;
      case Analysis.Undecided<ResolvedProfile> _ -> profile;
    };
  }

  /// Whether no call is answered otherwise in any dialect, not even with another errno.
  private boolean isSame(DialectFilters before, DialectFilters after) {
    return DIALECTS.stream()
        .map(each -> List.of(before.in(each), after.in(each)))
        .distinct()
        .allMatch(pair ->
            Comparison.of(pair.getFirst(), pair.getLast(), table)
                    instanceof Analysis.Understood(Comparison compared)
                && compared.differences().isEmpty());
  }
}
