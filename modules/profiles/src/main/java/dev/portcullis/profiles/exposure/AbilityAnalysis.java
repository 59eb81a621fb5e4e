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
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import dev.portcullis.seccomp.syscall.RightsCalls;
import dev.portcullis.seccomp.syscall.RightsCalls.RightsCall;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What filters let a process do, exactly: the calls that do it are held against what the filters
/// are understood to do, and each example is run through their programs.
public final class AbilityAnalysis {
  private static final CallCondition ALWAYS =
      new CallCondition(List.of(new CallCondition.Alternative(List.of())), true);

  /// Numbers that all architectures share, above the first of their own.
  private static final Map<String, Integer> COMMON =
      RightsCalls.load().stream()
          .filter(call -> call.number() >= 0)
          .collect(Collectors.toUnmodifiableMap(RightsCall::name, RightsCall::number));

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
    known.addAll(COMMON.keySet());
    named.forEach(each -> known.addAll(table.of(each).values()));
  }

  /// Answers for each of the architectures, in their order; those of a companion of the first say
  /// what is more there.
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
    List<Found> first = List.of();
    for (Architecture architecture : architectures) {
      Map<String, Integer> numbers = numbers(architecture, table);
      List<Found> found =
          abilities.stream().map(ability -> analysis.find(ability, architecture, numbers)).toList();
      if (answers.isEmpty()) {
        first = found;
      }
      List<AbilityAnswer> all = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        all.add(analysis.beside(found.get(i), first.get(i)));
      }
      answers.put(architecture, all);
    }
    return answers;
  }

  /// Of calls that are newer than the machine's libseccomp, those whose numbers are known here.
  static Map<String, Integer> numbers(Architecture architecture, SyscallTable table) {
    Map<String, Integer> numbers = new HashMap<>();
    table.of(architecture).forEach((number, name) -> numbers.putIfAbsent(name, number));
    COMMON.forEach(
        (name, number) -> numbers.putIfAbsent(name, architecture.firstNumber() + number));
    return numbers;
  }

  /// Calls of one name, in one way.
  private record Kind(String call, String behind) {}

  /// An answer, and what it is about.
  ///
  /// @param passing those of the calls that pass
  /// @param asking those about which another process decides
  private record Found(
      AbilityAnswer answer,
      Architecture architecture,
      Map<String, Integer> numbers,
      Map<Kind, CallSet> passing,
      Map<Kind, CallSet> asking) {
    int number(Kind kind) {
      return numbers.getOrDefault(kind.call(), -1);
    }
  }

  /// An answer, with what programs of its architecture can do and those of another cannot.
  private AbilityAnswer beside(Found found, Found other) {
    return found.answer.doingMore(
        found.answer.passages().stream()
            .flatMap(passage -> more(passage, found, other).stream())
            .toList());
  }

  private Optional<Passage> more(Passage passage, Found found, Found other) {
    Kind kind = new Kind(passage.call(), passage.behind());
    AbilityAnswer answer = found.answer;
    CallSet theirs = other.passing.get(kind);
    if (theirs == null) {
      // A call that the other has not is more where it does what the other's do not.
      return Optional.of(passage)
          .filter(_ -> answer.outcome().compareTo(other.answer.outcome()) > 0);
    }
    CallSet mine = found.passing.getOrDefault(kind, theirs.none());
    CallSet ofName = ofName(found, kind, passing);
    CallSet theirsOfName = ofName(other, kind, passing);
    if (answer.outcome() == Outcome.ASKED) {
      mine = found.asking.getOrDefault(kind, theirs.none());
      theirs = theirs.or(other.asking.getOrDefault(kind, theirs));
      ofName = ofName(found, kind, asking);
      theirsOfName = theirsOfName.or(ofName(other, kind, asking));
    }
    CallSet more = mine.minus(arguments(other, kind, theirs));
    if (more.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        passage.isAlways()
            ? passage
            : new Passage(
                kind.call(),
                kind.behind(),
                condition(
                    kind.call(),
                    more,
                    ofName.minus(arguments(other, kind, theirsOfName)),
                    found.architecture),
                more.witness()));
  }

  private static CallSet ofName(Found found, Kind kind, CallSet calls) {
    return calls.ofArchitecture(found.architecture.token()).ofNumbers(-1, found.number(kind));
  }

  /// What the kernel takes for arguments of these calls.
  private static CallSet arguments(Found found, Kind kind, CallSet calls) {
    return calls.argumentsOf(
        found.architecture.token(),
        found.number(kind),
        IntStream.range(0, Call.ARGUMENTS)
            .mapToObj(argument -> ArgumentWidths.taken(kind.call(), argument))
            .toList());
  }

  private Found find(Ability ability, Architecture architecture, Map<String, Integer> numbers) {
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
    Map<Kind, CallSet> passingOf = new HashMap<>();
    Map<Kind, CallSet> askingOf = new HashMap<>();
    Outcome outcome = unknown(ability) ? Outcome.UNKNOWN : Outcome.NO_CALL;
    for (Map.Entry<Kind, CallSet> each : calls.entrySet()) {
      CallSet some = each.getValue().and(passing);
      CallSet asks = each.getValue().and(asking);
      passingOf.put(each.getKey(), some);
      askingOf.put(each.getKey(), asks);
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
    return new Found(
        new AbilityAnswer(
            ability, outcome, passages.isEmpty() ? asked : passages, barred, List.of()),
        architecture,
        numbers,
        passingOf,
        askingOf);
  }

  static List<CallPattern> patterns(
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

  /// Whether a call that would do it has a number that is not known here.
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
        all
            ? ALWAYS
            : condition(
                kind.call(),
                calls,
                (expected == Possibility.YES ? passing : asking)
                    .ofArchitecture(architecture.token())
                    .ofNumbers(-1, example.number()),
                architecture),
        example);
  }

  /// For which arguments the calls are made: said of them alone, or of every call of the name,
  /// whichever is easier to read: with names of flags rather than masks, and short.
  private static CallCondition condition(
      String name, CallSet calls, CallSet ofName, Architecture architecture) {
    return Stream.of(calls, ofName)
        .map(each -> each.byArguments(architecture.token()).getFirst().condition())
        .min(
            Comparator.comparing((CallCondition each) -> !each.complete())
                .thenComparing(each -> ConditionText.of(each, List.of(name)).contains(" & 0x"))
                .thenComparingInt(each -> ConditionText.of(each, List.of(name)).length()))
        .orElseThrow();
  }
}
