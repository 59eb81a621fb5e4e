package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The rules in the making.
final class RuleRewriter {
  private final ResolvedProfile origin;
  private List<ResolvedRule> rules;

  RuleRewriter(ResolvedProfile origin) {
    this.origin = origin;
    rules = new ArrayList<>(origin.rules());
  }

  ResolvedProfile profile() {
    return new ResolvedProfile(
        origin.defaultOutcome(), origin.architectures(), origin.flags(), origin.listener(), rules);
  }

  void apply(ProfileEdit change) throws InexpressibleException {
    Predicate<Outcome> asWished =
        outcome -> change.allow() ? outcome.action() == Action.ALLOW : outcome.action().denies();
    Outcome byDefault = origin.defaultOutcome();
    Map<List<List<ArgumentCondition>>, List<SyscallName>> missing = new LinkedHashMap<>();
    for (String name : change.names()) {
      boolean there =
          rules.stream()
              .anyMatch(rule ->
                  asWished.test(rule.outcome()) && rule.arguments().isEmpty() && names(rule, name));
      boolean alone =
          rules.stream().noneMatch(rule -> !asWished.test(rule.outcome()) && names(rule, name));
      if (there && alone) {
        continue;
      }
      List<List<ArgumentCondition>> requested = new Conjunction(name).all(change.conditions());
      if (requested.isEmpty()) {
        throw new InexpressibleException("no call of " + name + " matches it");
      }
      take(name, change.conditions(), asWished);
      missing
          .computeIfAbsent(requested, _ -> new ArrayList<>())
          .add(new SyscallName(byDefault.at(), name));
    }
    if (!asWished.test(byDefault)) {
      Outcome outcome =
          new Outcome(byDefault.at(), change.allow() ? Action.ALLOW : Action.ERRNO, null);
      missing.forEach((alternatives, names) ->
          alternatives.forEach(conditions ->
              rules.add(new ResolvedRule(byDefault.at(), names, outcome, conditions, ""))));
    }
  }

  /// Takes calls out of the rules that do otherwise with them; where all of a name are taken, out
  /// of all rules.
  private void take(String name, List<ArgumentCondition> conditions, Predicate<Outcome> asWished)
      throws InexpressibleException {
    List<ResolvedRule> changed = new ArrayList<>();
    for (ResolvedRule rule : rules) {
      boolean otherwise = !asWished.test(rule.outcome());
      if (!names(rule, name) || (!otherwise && !conditions.isEmpty())) {
        changed.add(rule);
        continue;
      }
      List<SyscallName> others =
          rule.names().stream().filter(each -> !each.name().equals(name)).toList();
      if (!others.isEmpty()) {
        changed.add(with(rule, others, rule.arguments()));
      }
      List<SyscallName> only = List.of(new SyscallName(rule.at(), name));
      for (List<ArgumentCondition> alternative : asRead(rule.arguments())) {
        new Conjunction(name)
            .without(alternative, conditions)
            .forEach(arguments -> changed.add(with(rule, only, arguments)));
      }
    }
    rules = changed;
  }

  /// Of the conditions of a rule with an argument twice one is enough, for runtimes.
  private static List<List<ArgumentCondition>> asRead(List<ArgumentCondition> conditions) {
    boolean repeated =
        conditions.stream().map(ArgumentCondition::index).distinct().count() < conditions.size();
    return repeated ? conditions.stream().map(List::of).toList() : List.of(conditions);
  }

  private static boolean names(ResolvedRule rule, String name) {
    return rule.names().stream().anyMatch(each -> each.name().equals(name));
  }

  private static ResolvedRule with(
      ResolvedRule rule, List<SyscallName> names, List<ArgumentCondition> arguments) {
    return new ResolvedRule(rule.at(), names, rule.outcome(), arguments, rule.comment());
  }
}
