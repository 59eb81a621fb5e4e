package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Cuts a diagram at a level: above it are questions, below it what follows from the answers.
final class Ends {
  private Ends() {}

  /// What may follow, each once.
  static List<Integer> of(Diagrams diagrams, int node, int level) {
    Set<Integer> seen = new LinkedHashSet<>();
    List<Integer> ends = new ArrayList<>();
    collect(diagrams, node, level, seen, ends);
    return ends;
  }

  private static void collect(
      Diagrams diagrams, int node, int level, Set<Integer> seen, List<Integer> ends) {
    if (!seen.add(node)) {
      return;
    }
    if (diagrams.level(node) >= level) {
      ends.add(node);
      return;
    }
    collect(diagrams, diagrams.low(node), level, seen, ends);
    collect(diagrams, diagrams.high(node), level, seen, ends);
  }

  /// Which answers lead to one of them.
  static int where(Diagrams diagrams, int node, int level, int end) {
    return where(diagrams, node, level, end, new HashMap<>());
  }

  private static int where(
      Diagrams diagrams, int node, int level, int end, Map<Integer, Integer> done) {
    if (diagrams.level(node) >= level) {
      return node == end ? Diagrams.TRUE : Diagrams.FALSE;
    }
    Integer known = done.get(node);
    if (known != null) {
      return known;
    }
    int result =
        diagrams.node(
            diagrams.level(node),
            where(diagrams, diagrams.low(node), level, end, done),
            where(diagrams, diagrams.high(node), level, end, done));
    done.put(node, result);
    return result;
  }
}
