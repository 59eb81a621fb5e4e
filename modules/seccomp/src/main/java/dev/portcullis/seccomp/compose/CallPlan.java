package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call of the profile in the making: what is to be done with it, and the ways to say that. One
/// after the other is tried: libseccomp loses some rules where others ask for different arguments,
/// and a profile has the same rules on all architectures.
final class CallPlan {
  /// What is left of so many is longer than a filter may be.
  static final int MOST_RULES = 150;

  private final String name;
  private final Deque<Supplier<Optional<List<CallRule>>>> ways = new ArrayDeque<>();
  private final Set<List<CallRule>> tried = new HashSet<>();
  private @Nullable List<CallRule> rules;

  private CallPlan(String name) {
    this.name = name;
  }

  /// @param written rules of profiles that do just this
  /// @param wanted what is to be done
  /// @param otherwise what is done without a rule
  /// @param near what will do if no rules say what is wanted, the nearest first
  static CallPlan of(
      String name,
      List<List<CallRule>> written,
      ArgumentDecision wanted,
      Verdict otherwise,
      List<ArgumentDecision> near) {
    CallPlan plan = new CallPlan(name);
    written.forEach(each -> plan.ways.add(() -> Optional.of(each)));
    for (ArgumentDecision.Shape shape : ArgumentDecision.Shape.values()) {
      plan.ways.add(() -> rules(wanted, shape, otherwise));
    }
    for (ArgumentDecision each : near) {
      plan.ways.add(() -> rules(each, ArgumentDecision.Shape.SHORT, otherwise));
    }
    boolean _ = plan.next();
    return plan;
  }

  private static Optional<List<CallRule>> rules(
      ArgumentDecision wanted, ArgumentDecision.Shape shape, Verdict otherwise) {
    List<CallRule> rules = new ArrayList<>();
    for (Verdict verdict : wanted.verdicts()) {
      if (verdict.equals(otherwise)) {
        continue;
      }
      List<List<ArgumentCondition>> conditions =
          wanted.rules(verdict, shape, MOST_RULES).orElse(null);
      if (conditions == null) {
        return Optional.empty();
      }
      conditions.forEach(each -> rules.add(new CallRule(verdict, each)));
    }
    return rules.size() > MOST_RULES ? Optional.empty() : Optional.of(rules);
  }

  String name() {
    return name;
  }

  /// The rules; null where no way is left.
  @Nullable List<CallRule> rules() {
    return rules;
  }

  /// Whether libseccomp may take long for the rules, or for ever: several that look at several
  /// arguments.
  boolean isEntangled() {
    return rules != null
        && rules.size() > 1
        && rules.stream().anyMatch(each -> each.conditions().size() > 1);
  }

  /// Takes the next way that makes other rules.
  ///
  /// @return whether there is one; if not, the rules stay
  boolean next() {
    while (!ways.isEmpty()) {
      List<CallRule> next = ways.removeFirst().get().orElse(null);
      if (next != null && tried.add(next)) {
        rules = next;
        return true;
      }
    }
    return false;
  }
}
