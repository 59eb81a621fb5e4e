package dev.portcullis.seccomp.compose;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Rules for calls, made of what a filter does with them: no two contradict each other.
///
/// @param meaning of the filter
/// @param outcomes how a profile expresses what is to be done
public record RulesAnew(
    FilterSemantics meaning,
    SyscallTable table,
    Architecture machine,
    Function<Verdict, Outcome> outcomes) {
  /// What is left of so many is longer than a filter may be.
  private static final int MOST_RULES = 150;

  /// A profile with other rules for some names. Those that cannot be said so keep theirs.
  ///
  /// @param wanted what is to become of what the filter does
  public ResolvedProfile of(
      ResolvedProfile profile,
      Set<String> names,
      ArgumentDecision.Shape shape,
      UnaryOperator<Verdict> wanted) {
    List<ResolvedRule> rules = profile.rules();
    for (String name : names) {
      List<ResolvedRule> before = rules;
      rules =
          rules(name, profile.defaultOutcome(), shape, wanted)
              .map(anew -> Stream.concat(without(name, before), anew.stream()).toList())
              .orElse(before);
    }
    return new ResolvedProfile(
        profile.defaultOutcome(),
        profile.architectures(),
        profile.flags(),
        profile.listener(),
        rules);
  }

  private static Stream<ResolvedRule> without(String name, List<ResolvedRule> rules) {
    return rules.stream()
        .flatMap(rule -> {
          List<SyscallName> others =
              rule.names().stream().filter(each -> !each.name().equals(name)).toList();
          return others.isEmpty()
              ? Stream.empty()
              : Stream.of(
                  new ResolvedRule(
                      rule.at(), others, rule.outcome(), rule.arguments(), rule.comment()));
        });
  }

  /// Nothing where it cannot be said.
  private Optional<List<ResolvedRule>> rules(
      String name, Outcome byDefault, ArgumentDecision.Shape shape, UnaryOperator<Verdict> wanted) {
    Integer number =
        table.of(machine).entrySet().stream()
            .filter(each -> each.getValue().equals(name))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(null);
    if (number == null) {
      return Optional.empty();
    }
    ArgumentDecision decision =
        ArgumentDecision.of(
            List.of(meaning.decision(machine.token(), number)),
            verdicts -> wanted.apply(verdicts.getFirst()));
    List<ResolvedRule> rules = new ArrayList<>();
    for (Verdict verdict : decision.verdicts()) {
      Outcome outcome = outcomes.apply(verdict);
      if (outcome.sameAs(byDefault)) {
        continue;
      }
      Optional<List<List<ArgumentCondition>>> alternatives =
          decision.rules(verdict, shape, MOST_RULES);
      if (alternatives.isEmpty()) {
        return Optional.empty();
      }
      for (List<ArgumentCondition> conditions : alternatives.get()) {
        rules.add(
            new ResolvedRule(
                byDefault.at(),
                List.of(new SyscallName(Position.NONE, name)),
                outcome,
                conditions,
                ""));
      }
    }
    return Optional.of(rules);
  }
}
