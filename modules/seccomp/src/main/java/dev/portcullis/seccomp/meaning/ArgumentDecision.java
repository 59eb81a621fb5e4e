package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is done with the calls of one number, as a function of their arguments.
///
/// Two of the same diagrams are equal if and only if they do the same for all arguments.
public final class ArgumentDecision {
  private final DecisionDiagrams diagrams;
  private final int root;

  ArgumentDecision(DecisionDiagrams diagrams, int root) {
    this.diagrams = diagrams;
    this.root = root;
  }

  /// A rule as it is written.
  ///
  /// @param conditions as runtimes read them: one of them is enough where an argument is there
  ///   twice
  public record WrittenRule(List<ArgumentCondition> conditions, Verdict verdict) {
    public WrittenRule {
      conditions = List.copyOf(conditions);
    }
  }

  /// What rules say; nothing where two of them say different things of the same arguments.
  static Optional<ArgumentDecision> written(
      DecisionDiagrams diagrams, List<WrittenRule> rules, Verdict otherwise) {
    ConditionDiagrams conditions = new ConditionDiagrams(diagrams);
    int undecided = DecisionDiagrams.TRUE;
    int root = diagrams.number(otherwise.value());
    for (WrittenRule rule : rules) {
      if (rule.verdict().equals(otherwise)) {
        continue;
      }
      int verdict = diagrams.number(rule.verdict().value());
      int where = conditions.asRead(rule.conditions());
      int decided = diagrams.choose(undecided, DecisionDiagrams.FALSE, where);
      if (diagrams.choose(decided, root, verdict) != verdict) {
        return Optional.empty();
      }
      root = diagrams.choose(where, verdict, root);
      undecided = diagrams.choose(where, DecisionDiagrams.FALSE, undecided);
    }
    return Optional.of(new ArgumentDecision(diagrams, root));
  }

  /// Puts several of the same diagrams together.
  ///
  /// @param choice which verdict becomes of theirs, in their order
  public static ArgumentDecision of(
      List<ArgumentDecision> all, Function<List<Verdict>, Verdict> choice) {
    DecisionDiagrams diagrams = all.getFirst().diagrams;
    VerdictTuples tuples = new VerdictTuples(diagrams);
    int root = tuples.of(all.stream().map(each -> each.root).toList());
    return new ArgumentDecision(
        diagrams,
        diagrams.combine(
            root, root, (end, _) -> diagrams.number(choice.apply(tuples.at(end)).value())));
  }

  /// What is done, with whatever arguments.
  public Set<Verdict> verdicts() {
    Set<Verdict> verdicts = new LinkedHashSet<>();
    for (int end : Cofactors.of(diagrams, root, DecisionDiagrams.END)) {
      verdicts.add(Verdict.of(diagrams.numberAt(end)));
    }
    return verdicts;
  }

  /// The same verdict for all arguments.
  public ArgumentDecision always(Verdict verdict) {
    return new ArgumentDecision(diagrams, diagrams.number(verdict.value()));
  }

  /// The same whatever the upper halves of arguments are: one verdict for all of them.
  ///
  /// @param choice which, of two
  public ArgumentDecision ofLowerHalves(BinaryOperator<Verdict> choice) {
    return new ArgumentDecision(diagrams, lower(root, choice, new HashMap<>()));
  }

  private int lower(int node, BinaryOperator<Verdict> choice, Map<Integer, Integer> done) {
    if (diagrams.isEnd(node)) {
      return node;
    }
    Integer known = done.get(node);
    if (known != null) {
      return known;
    }
    diagrams.step();
    int zero = lower(diagrams.low(node), choice, done);
    int one = lower(diagrams.high(node), choice, done);
    int level = diagrams.level(node);
    int result =
        diagrams.order.bit(level) < Integer.SIZE
            ? diagrams.node(level, zero, one)
            : diagrams.combine(
                zero,
                one,
                (a, b) ->
                    diagrams.number(
                        choice
                            .apply(
                                Verdict.of(diagrams.numberAt(a)), Verdict.of(diagrams.numberAt(b)))
                            .value()));
    done.put(node, result);
    return result;
  }

  /// How rules for a set of arguments are found.
  public enum Shape {
    /// As few conditions as there may be; rules may hold for the same calls.
    SHORT,
    /// No two rules hold for the same call, and all ask for arguments in their order.
    DISJOINT,
    /// Each rule compares bits.
    BITS
  }

  /// Conditions under which a verdict is given: alternatives, each of which has an argument at most
  /// once, since runtimes read such a rule differently.
  ///
  /// @param most alternatives
  /// @return nothing where it takes more, or where conditions cannot say it
  public Optional<List<List<ArgumentCondition>>> rules(Verdict verdict, Shape shape, int most) {
    int set = DecisionDiagrams.FALSE;
    for (int end : Cofactors.of(diagrams, root, DecisionDiagrams.END)) {
      if (Verdict.of(diagrams.numberAt(end)).equals(verdict)) {
        set = diagrams.or(set, Cofactors.where(diagrams, root, DecisionDiagrams.END, end));
      }
    }
    List<List<ArgumentCondition>> rules = RuleCover.of(diagrams, set, shape, most);
    return Optional.ofNullable(rules).map(List::copyOf);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArgumentDecision decision
        && diagrams == decision.diagrams
        && means(root) == means(decision.root);
  }

  @Override
  public int hashCode() {
    return means(root);
  }

  /// With one action for each verdict: a program can have several that the kernel reads alike.
  private int means(int node) {
    return diagrams.combine(
        node, node, (end, _) -> diagrams.number(Verdict.of(diagrams.numberAt(end)).value()));
  }
}
