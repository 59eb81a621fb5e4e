package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Guard;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The rules in the making.
final class Rewriting {
  private final Profile origin;
  private List<Rule> rules;

  Rewriting(Profile origin) {
    this.origin = origin;
    rules = new ArrayList<>(origin.rules());
  }

  Profile profile() {
    return new Profile(
        origin.defaultOutcome(), origin.architectures(), origin.flags(), origin.listener(), rules);
  }

  void apply(Change change) throws InexpressibleException {
    Predicate<Outcome> asWished =
        outcome -> change.allow() ? outcome.action() == Action.ALLOW : outcome.action().denies();
    Outcome byDefault = origin.defaultOutcome();
    List<SyscallName> missing = new ArrayList<>();
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
      take(name, change.conditions(), asWished);
      missing.add(new SyscallName(byDefault.at(), name));
    }
    if (!missing.isEmpty() && !asWished.test(byDefault)) {
      rules.add(
          new Rule(
              byDefault.at(),
              new SyscallNames(SyscallNames.Spelling.NAMES, missing),
              new Outcome(byDefault.at(), change.allow() ? Action.ALLOW : Action.ERRNO, null),
              change.conditions(),
              Guard.NONE,
              ""));
    }
  }

  /// Takes calls out of the rules that do otherwise with them; where all of a name are taken, out
  /// of all rules.
  private void take(String name, List<ArgumentCondition> conditions, Predicate<Outcome> asWished)
      throws InexpressibleException {
    List<Rule> changed = new ArrayList<>();
    for (Rule rule : rules) {
      boolean otherwise = !asWished.test(rule.outcome());
      if (!names(rule, name) || (!otherwise && !conditions.isEmpty())) {
        changed.add(rule);
        continue;
      }
      List<SyscallName> others =
          rule.names().list().stream().filter(each -> !each.name().equals(name)).toList();
      if (!others.isEmpty()) {
        changed.add(with(rule, others, rule.arguments()));
      }
      List<SyscallName> only = List.of(new SyscallName(rule.at(), name));
      for (ArgumentCondition condition : conditions) {
        for (ArgumentCondition not : Conjunction.not(condition)) {
          Optional<List<ArgumentCondition>> rest = Conjunction.and(rule.arguments(), not);
          rest.ifPresent(arguments -> changed.add(with(rule, only, arguments)));
        }
      }
    }
    rules = changed;
  }

  private static boolean names(Rule rule, String name) {
    return rule.names().list().stream().anyMatch(each -> each.name().equals(name));
  }

  private static Rule with(Rule rule, List<SyscallName> names, List<ArgumentCondition> arguments) {
    return new Rule(
        rule.at(),
        new SyscallNames(SyscallNames.Spelling.NAMES, names),
        rule.outcome(),
        arguments,
        rule.guard(),
        rule.comment());
  }
}
