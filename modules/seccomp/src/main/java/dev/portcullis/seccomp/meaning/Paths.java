package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The ways through a diagram about arguments that end in truth: which bits are asked for, and what
/// they must be.
final class Paths {
  private final DecisionDiagrams diagrams;
  private final int most;
  private final List<Map<Integer, long[]>> found = new ArrayList<>();

  Paths(DecisionDiagrams diagrams, int most) {
    this.diagrams = diagrams;
    this.most = most;
  }

  /// Each as mask and bits for every argument that is asked for.
  List<Map<Integer, long[]>> to(int set) {
    visit(set, Map.of());
    return found;
  }

  private void visit(int node, Map<Integer, long[]> path) {
    if (node == DecisionDiagrams.FALSE || found.size() == most) {
      return;
    }
    if (node == DecisionDiagrams.TRUE) {
      found.add(path);
      return;
    }
    visit(diagrams.low(node), with(path, diagrams.level(node), 0));
    visit(diagrams.high(node), with(path, diagrams.level(node), 1));
  }

  private Map<Integer, long[]> with(Map<Integer, long[]> path, int level, long answer) {
    int value = diagrams.order.value(level);
    int bit = diagrams.order.bit(level);
    long[] old = path.getOrDefault(value, new long[2]);
    Map<Integer, long[]> longer = new HashMap<>(path);
    longer.put(value, new long[] {old[0] | 1L << bit, old[1] | answer << bit});
    return longer;
  }
}
