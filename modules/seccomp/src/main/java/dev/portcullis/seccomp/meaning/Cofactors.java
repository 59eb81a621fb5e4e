package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.List;

/// Cuts a diagram at a level: above it are questions, below it what follows from the answers.
final class Cofactors {
  private Cofactors() {}

  /// What may follow, each once.
  static List<Integer> of(DecisionDiagrams diagrams, int node, int level) {
    return first(Integer.MAX_VALUE, diagrams, node, level);
  }

  /// The first of what may follow.
  static List<Integer> first(int most, DecisionDiagrams diagrams, int node, int level) {
    List<Integer> ends = new ArrayList<>();
    collect(most, diagrams, node, level, new IntTable(diagrams.bounds().nodes()), ends);
    return ends;
  }

  private static void collect(
      int most, DecisionDiagrams diagrams, int node, int level, IntTable seen, List<Integer> ends) {
    if (ends.size() == most || seen.get(node, level) >= 0) {
      return;
    }
    diagrams.look();
    seen.put(node, level, 0);
    if (diagrams.level(node) >= level) {
      ends.add(node);
      return;
    }
    collect(most, diagrams, diagrams.low(node), level, seen, ends);
    collect(most, diagrams, diagrams.high(node), level, seen, ends);
  }

  /// Which answers lead to one of them.
  static int where(DecisionDiagrams diagrams, int node, int level, int end) {
    return where(diagrams, node, level, end, new IntTable(diagrams.bounds().nodes()));
  }

  private static int where(DecisionDiagrams diagrams, int node, int level, int end, IntTable done) {
    if (diagrams.level(node) >= level) {
      return node == end ? DecisionDiagrams.TRUE : DecisionDiagrams.FALSE;
    }
    int known = done.get(node, level);
    if (known >= 0) {
      return known;
    }
    diagrams.look();
    int result =
        diagrams.node(
            diagrams.level(node),
            where(diagrams, diagrams.low(node), level, end, done),
            where(diagrams, diagrams.high(node), level, end, done));
    done.put(node, level, result);
    return result;
  }
}
