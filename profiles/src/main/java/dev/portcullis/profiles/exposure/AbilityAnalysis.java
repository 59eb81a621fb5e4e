package dev.portcullis.profiles.exposure;

import dev.portcullis.profiles.exposure.AbilityAnswer.Outcome;
import dev.portcullis.profiles.exposure.AbilityAnswer.Passage;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What filters let a process do, exactly: the calls that do it are held against what the filters
/// are understood to do, and each example is run through their programs.
public final class AbilityAnalysis {
  private static final CallCondition ALWAYS =
      new CallCondition(List.of(new CallCondition.Alternative(List.of())), true);

  private final Filters filters;
  private final CallSet everything;
  private final CallSet passing;
  private final CallSet asking;
  private final Set<String> known = new HashSet<>();

  /// @param named architectures by whose names calls are known
  private AbilityAnalysis(
      Filters filters, FilterSemantics meaning, Set<Architecture> named, SyscallTable table) {
    this.filters = filters;
    everything = meaning.everything();
    CallSet passes = everything.none();
    CallSet asks = everything.none();
    for (Map.Entry<Verdict, CallSet> each : meaning.verdicts().entrySet()) {
      switch (Possibility.of(each.getKey())) {
        case YES -> passes = passes.or(each.getValue());
        case UNKNOWN -> asks = asks.or(each.getValue());
        case NO -> {}
      }
    }
    passing = passes;
    asking = asks;
    named.forEach(each -> known.addAll(table.of(each).values()));
  }

  /// Answers for each of the architectures, in their order.
  ///
  /// @param meaning of the filters
  public static Map<Architecture, List<AbilityAnswer>> of(
      Filters filters,
      FilterSemantics meaning,
      List<Ability> abilities,
      Collection<Architecture> architectures,
      SyscallTable table) {
    Set<Architecture> named = new LinkedHashSet<>(Effects.USUAL);
    named.addAll(architectures);
    AbilityAnalysis analysis = new AbilityAnalysis(filters, meaning, named, table);
    Map<Architecture, List<AbilityAnswer>> answers = new LinkedHashMap<>();
    for (Architecture architecture : architectures) {
      Map<String, Integer> numbers = new HashMap<>();
      table.of(architecture).forEach((number, name) -> numbers.putIfAbsent(name, number));
      answers.put(
          architecture,
          abilities.stream()
              .map(ability -> analysis.answer(ability, architecture, numbers))
              .toList());
    }
    return answers;
  }

  /// Calls of one name, in one way.
  private record Kind(String call, String behind) {}

  private AbilityAnswer answer(
      Ability ability, Architecture architecture, Map<String, Integer> numbers) {
    Map<Kind, CallSet> calls = new LinkedHashMap<>();
    for (CallPattern pattern : patterns(ability, architecture, numbers)) {
      calls.merge(
          new Kind(pattern.name(), pattern.behind()),
          everything
              .ofArchitecture(architecture.token())
              .ofNumbers(-1, pattern.number())
              .ofArguments(pattern.arguments()),
          CallSet::or);
    }
    List<Passage> passages = new ArrayList<>();
    List<Passage> asked = new ArrayList<>();
    List<String> barred = new ArrayList<>();
    Outcome outcome = unknown(ability) ? Outcome.UNKNOWN : Outcome.NO_CALL;
    for (Map.Entry<Kind, CallSet> each : calls.entrySet()) {
      CallSet some = each.getValue().and(passing);
      CallSet asks = each.getValue().and(asking);
      Outcome of;
      if (!some.isEmpty()) {
        boolean all = each.getValue().minus(passing).isEmpty();
        of = all ? Outcome.ALLOWED : Outcome.BY_ARGUMENTS;
        passages.add(passage(each.getKey(), some, all, architecture, Possibility.YES));
      } else if (!asks.isEmpty()) {
        boolean all = each.getValue().minus(asking).isEmpty();
        of = Outcome.ASKED;
        asked.add(passage(each.getKey(), asks, all, architecture, Possibility.UNKNOWN));
      } else {
        // What cannot be said of another call stays so.
        of = outcome == Outcome.UNKNOWN ? Outcome.UNKNOWN : Outcome.DENIED;
        if (each.getKey().behind().isEmpty()) {
          barred.add(each.getKey().call());
        }
      }
      outcome = of.compareTo(outcome) > 0 ? of : outcome;
    }
    return new AbilityAnswer(ability, outcome, passages.isEmpty() ? asked : passages, barred);
  }

  private static List<CallPattern> patterns(
      Ability ability, Architecture architecture, Map<String, Integer> numbers) {
    List<CallPattern> patterns = new ArrayList<>();
    for (Need.Step way : ability.ways()) {
      switch (way) {
        case Need.Calls calls ->
            patterns.addAll(CallPattern.of(calls, architecture, numbers).orElseThrow());
        case Need.NewNamespaces namespaces ->
            namespaces
                .kinds()
                .forEach(kind -> patterns.addAll(CallPattern.of(kind, architecture, numbers)));
        case Need.Capability capability -> throw new IllegalStateException(capability.text());
      }
    }
    return patterns;
  }

  /// Whether a call that would do it has a number that nobody here knows.
  private boolean unknown(Ability ability) {
    for (Need.Step way : ability.ways()) {
      if (way instanceof Need.Calls calls && !known.containsAll(calls.denied().names())) {
        return true;
      }
    }
    return false;
  }

  private Passage passage(
      Kind kind, CallSet calls, boolean all, Architecture architecture, Possibility expected) {
    Call example = calls.witness();
    if (Possibility.of(filters.run(example)) != expected) {
      throw new IllegalStateException(
          "the meaning of a filter and its program disagree about " + example);
    }
    return new Passage(
        kind.call(),
        kind.behind(),
        all ? ALWAYS : condition(kind.call(), calls, architecture, expected, example.number()),
        example);
  }

  /// For which arguments the calls are made: said of them alone, or of every call of the name,
  /// whichever is easier to read: with names of flags rather than masks, and short.
  private CallCondition condition(
      String name, CallSet calls, Architecture architecture, Possibility expected, int number) {
    CallSet ofName =
        (expected == Possibility.YES ? passing : asking)
            .ofArchitecture(architecture.token())
            .ofNumbers(-1, number);
    return Stream.of(calls, ofName)
        .map(each -> each.byArguments(architecture.token()).getFirst().condition())
        .min(
            Comparator.comparing((CallCondition each) -> !each.complete())
                .thenComparing(each -> ConditionText.of(each, List.of(name)).contains(" & 0x"))
                .thenComparingInt(each -> ConditionText.of(each, List.of(name)).length()))
        .orElseThrow();
  }
}
