package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts diagrams with actions at their ends side by side: at the ends of the new diagram are the
/// verdicts of all, in order, each combination by its number.
final class VerdictTuples {
  private final DecisionDiagrams diagrams;
  private final List<List<Verdict>> tuples = new ArrayList<>();
  private final Map<List<Verdict>, Integer> numbers = new HashMap<>();

  VerdictTuples(DecisionDiagrams diagrams) {
    this.diagrams = diagrams;
  }

  /// The diagram of all.
  int of(List<Integer> roots) {
    int all = diagrams.number(number(List.of()));
    for (int root : roots) {
      all =
          diagrams.combine(
              all,
              root,
              (before, end) -> {
                List<Verdict> longer = new ArrayList<>(at(before));
                longer.add(Verdict.of(diagrams.numberAt(end)));
                return diagrams.number(number(List.copyOf(longer)));
              });
    }
    return all;
  }

  /// The verdicts at an end.
  List<Verdict> at(int end) {
    return tuples.get(diagrams.numberAt(end));
  }

  private int number(List<Verdict> verdicts) {
    return numbers.computeIfAbsent(
        verdicts,
        each -> {
          diagrams.requireFew(tuples.size());
          tuples.add(each);
          return tuples.size() - 1;
        });
  }
}
