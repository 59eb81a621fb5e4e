package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// What several filters do with one call, each by itself, for every call.
public final class JointSemantics {
  private final DecisionDiagrams diagrams;
  private final VerdictTuples tuples;
  private final int root;

  private JointSemantics(DecisionDiagrams diagrams, VerdictTuples tuples, int root) {
    this.diagrams = diagrams;
    this.tuples = tuples;
    this.root = root;
  }

  /// Of filters that were understood together.
  static JointSemantics of(DecisionDiagrams diagrams, List<Integer> roots) {
    VerdictTuples tuples = new VerdictTuples(diagrams);
    return new JointSemantics(diagrams, tuples, tuples.of(roots));
  }

  /// The calls with which the filters do certain things.
  ///
  /// @param wanted is asked about the verdicts of all, in their order
  public CallSet where(Predicate<List<Verdict>> wanted) {
    int chosen =
        diagrams.combine(
            root,
            root,
            (end, _) ->
                wanted.test(tuples.at(end)) ? DecisionDiagrams.TRUE : DecisionDiagrams.FALSE);
    return CallSet.of(diagrams, chosen);
  }

  /// The calls with which another filter does what it should not, by what it does and what it
  /// should do.
  ///
  /// @param other understood together with these
  /// @param accepted what it may do, the best first, by the verdicts of all
  public Map<FilterSemantics.Pair, CallSet> unmetBy(
      FilterSemantics other, Function<List<Verdict>, List<Verdict>> accepted) {
    Map<FilterSemantics.Pair, Integer> found = new LinkedHashMap<>();
    int product =
        diagrams.combine(
            other.rootIn(diagrams),
            root,
            (end, all) -> {
              Verdict is = Verdict.of(diagrams.numberAt(end));
              List<Verdict> may = accepted.apply(tuples.at(all));
              if (may.contains(is)) {
                return DecisionDiagrams.FALSE;
              }
              FilterSemantics.Pair pair = new FilterSemantics.Pair(is, may.getFirst());
              return diagrams.number(
                  found.computeIfAbsent(
                      pair,
                      _ -> {
                        diagrams.requireFew(found.size());
                        return found.size();
                      }));
            });
    Map<FilterSemantics.Pair, CallSet> unmet = new LinkedHashMap<>();
    found.forEach((pair, number) ->
        unmet.put(pair, CallSet.whereItEnds(diagrams, product, diagrams.number(number))));
    return unmet;
  }
}
