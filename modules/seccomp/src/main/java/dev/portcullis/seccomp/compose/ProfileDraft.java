package dev.portcullis.seccomp.compose;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.EnosysPrologue;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// The profile in the making: what is done with each call, by what the filters of all parts do with
/// it.
final class ProfileDraft {
  private final Combination combination;
  private final List<NamedProfile> parts;
  private final List<FilterSemantics> meanings;
  private final List<Architecture> architectures;
  private final boolean approximate;
  private final CallPlaces places;
  private final NewestCalls newest;
  private final OutcomeTable outcomes;
  private final Verdict otherwise;
  private final Map<String, CallPlan> plans = new LinkedHashMap<>();
  private final List<String> unproven = new ArrayList<>();

  /// @param meanings of the filters of the parts, in their order, without runc's prologue
  /// @param architectures that are to be listed
  /// @throws ContradictionException where a call that has no number here is not clear
  ProfileDraft(
      Combination combination,
      List<NamedProfile> parts,
      List<FilterSemantics> meanings,
      List<Architecture> architectures,
      CallPlaces places,
      boolean approximate)
      throws ContradictionException {
    this.combination = combination;
    this.parts = parts;
    this.meanings = meanings;
    this.architectures = architectures;
    this.approximate = approximate;
    this.places = places;
    newest = new NewestCalls(combination, parts, places);
    outcomes = new OutcomeTable(parts);
    otherwise =
        choice()
            .apply(
                parts.stream()
                    .map(part -> OutcomeTable.of(part.profile().defaultOutcome()))
                    .toList());
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(CallPlaces.names(part.profile())));
    for (String name : names) {
      plans.put(name, plan(name));
    }
  }

  private Function<List<Verdict>, Verdict> choice() {
    return approximate ? combination::approximated : combination::choose;
  }

  private CallPlan plan(String name) throws ContradictionException {
    List<Integer> order = order(name);
    List<ArgumentDecision> decisions = new ArrayList<>();
    Optional<CallPlaces.Place> place = places.of(name);
    for (int part : order) {
      decisions.add(
          place.isPresent()
              ? meanings
                  .get(part)
                  .decision(place.get().architecture().token(), place.get().number())
              : written(part, name));
    }
    if (place.isEmpty()) {
      unproven.add(name);
    }
    boolean beyond = place.isPresent() && newest.isBeyond(place.get());
    ArgumentDecision wanted =
        ArgumentDecision.of(
            decisions,
            verdicts ->
                beyond && combination.accepted(verdicts).contains(otherwise)
                    ? otherwise
                    : choice().apply(verdicts));
    List<List<CallRule>> written = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      NamedProfile part = parts.get(order.get(i));
      if (OutcomeTable.of(part.profile().defaultOutcome()).equals(otherwise)
          && decisions.get(i).equals(wanted)) {
        written.add(rules(part, name));
      }
    }
    return CallPlan.of(name, written, wanted, otherwise, near(wanted));
  }

  /// On one side of what is wanted: the same whatever the bits are that the kernel ignores of most
  /// arguments, and the same for all arguments.
  private List<ArgumentDecision> near(ArgumentDecision wanted) {
    return approximate
        ? List.of(
            wanted.ofLowerHalves((a, b) -> choice().apply(List.of(a, b))),
            wanted.always(choice().apply(List.copyOf(wanted.verdicts()))))
        : List.of();
  }

  /// Those that name a call before others: their errno counts.
  private List<Integer> order(String name) {
    List<Integer> order = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      boolean names = !rules(parts.get(i), name).isEmpty();
      (names ? order : others).add(i);
    }
    order.addAll(others);
    return order;
  }

  /// As runtimes read them: one with an argument twice is several, and is written as several.
  private static List<CallRule> rules(NamedProfile part, String name) {
    Verdict byDefault = OutcomeTable.of(part.profile().defaultOutcome());
    return part.profile().rules().stream()
        .filter(rule -> rule.names().stream().anyMatch(each -> each.name().equals(name)))
        .flatMap(rule ->
            (ArgumentCondition.isRepeated(rule.arguments())
                    ? rule.arguments().stream().map(List::of)
                    : Stream.of(rule.arguments()))
                .map(conditions -> new CallRule(OutcomeTable.of(rule.outcome()), conditions)))
        .filter(rule -> !rule.verdict().equals(byDefault))
        .distinct()
        .toList();
  }

  private ArgumentDecision written(int part, String name) throws ContradictionException {
    NamedProfile profile = parts.get(part);
    List<ArgumentDecision.WrittenRule> rules =
        rules(profile, name).stream()
            .map(rule -> new ArgumentDecision.WrittenRule(rule.conditions(), rule.verdict()))
            .toList();
    return meanings
        .get(part)
        .written(rules, OutcomeTable.of(profile.profile().defaultOutcome()))
        .orElseThrow(() -> new ContradictionException(profile.name(), name));
  }

  /// Names that have no number here.
  List<String> unproven() {
    return unproven;
  }

  /// Names for which no rules express what is wanted.
  List<String> unsaid() {
    return plans.values().stream()
        .filter(plan -> plan.rules() == null)
        .map(CallPlan::name)
        .toList();
  }

  /// Names of which the rules may be why libseccomp makes no filter.
  List<String> entangled() {
    return plans.values().stream().filter(CallPlan::isEntangled).map(CallPlan::name).toList();
  }

  /// Expresses some calls in other ways.
  ///
  /// @return whether any of them has another
  boolean next(Collection<String> names) {
    boolean changed = false;
    for (String name : names) {
      CallPlan plan = plans.get(name);
      changed |= plan != null && plan.next();
    }
    return changed;
  }

  /// As it is now.
  ResolvedProfile profile() {
    Map<CallRule, List<SyscallName>> always = new LinkedHashMap<>();
    Map<CallRule, List<SyscallName>> byArguments = new LinkedHashMap<>();
    Set<String> named = new LinkedHashSet<>();
    for (CallPlan plan : plans.values()) {
      List<CallRule> rules = plan.rules();
      for (CallRule rule : rules == null ? List.<CallRule>of() : rules) {
        named.add(plan.name());
        (rule.conditions().isEmpty() ? always : byArguments)
            .computeIfAbsent(rule, _ -> new ArrayList<>())
            .add(new SyscallName(Position.NONE, plan.name()));
      }
    }
    if (EnosysPrologue.precedes(outcomes.of(otherwise).action())) {
      for (String name : newest.missing(named)) {
        always
            .computeIfAbsent(new CallRule(otherwise, List.of()), _ -> new ArrayList<>())
            .add(new SyscallName(Position.NONE, name));
      }
    }
    List<ResolvedRule> rules = new ArrayList<>();
    always.forEach((rule, names) -> rules.add(resolved(rule, names)));
    byArguments.forEach((rule, names) -> rules.add(resolved(rule, names)));
    return new ResolvedProfile(
        outcomes.of(otherwise),
        architectures,
        parts.getFirst().profile().flags(),
        listener(rules),
        rules);
  }

  private ResolvedRule resolved(CallRule rule, List<SyscallName> names) {
    List<ArgumentCondition> conditions = rule.conditions();
    return new ResolvedRule(Position.NONE, names, outcomes.of(rule.verdict()), conditions, "");
  }

  /// That of the parts, where it is asked at all.
  private Listener listener(List<ResolvedRule> rules) {
    boolean asked =
        outcomes.of(otherwise).action() == Action.NOTIFY
            || rules.stream().anyMatch(rule -> rule.outcome().action() == Action.NOTIFY);
    return asked
        ? parts.stream()
            .map(part -> part.profile().listener())
            .filter(each -> !each.equals(Listener.NONE))
            .findFirst()
            .orElse(Listener.NONE)
        : Listener.NONE;
  }

  /// Rules of a profile contradict each other about one call, and it is not known here which
  /// counts.
  static final class ContradictionException extends Exception {
    private static final long serialVersionUID = 1;

    ContradictionException(String profile, String call) {
      super(
          profile
              + " has rules for \""
              + call
              + "\" that contradict each other, and this libseccomp does not know the call; leave"
              + " one of them");
    }
  }
}
