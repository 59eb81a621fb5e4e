package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a set of numbers, given by questions about their bits from the highest down, as ranges.
final class Ranges {
  private final DecisionDiagrams diagrams;
  private final int first;
  private final int bits;
  private final int most;
  private final List<Range> found = new ArrayList<>();

  private Ranges(DecisionDiagrams diagrams, int first, int bits, int most) {
    this.diagrams = diagrams;
    this.first = first;
    this.bits = bits;
    this.most = most;
  }

  /// The ranges in ascending order; null where there are more than asked for.
  ///
  /// @param first the level of the highest bit
  static @Nullable List<Range> of(
      DecisionDiagrams diagrams, int set, int first, int bits, int most) {
    Ranges ranges = new Ranges(diagrams, first, bits, most);
    return ranges.visit(set, 0, 0) ? List.copyOf(ranges.found) : null;
  }

  private boolean visit(int node, int depth, long prefix) {
    if (node == DecisionDiagrams.FALSE) {
      return true;
    }
    if (node == DecisionDiagrams.TRUE) {
      int free = bits - depth;
      long ones = free == 64 ? -1 : (1L << free) - 1;
      return add(free == 64 ? 0 : prefix << free, ones);
    }
    int at = first + depth;
    return visit(diagrams.below(node, at, 0), depth + 1, prefix << 1)
        && visit(diagrams.below(node, at, 1), depth + 1, prefix << 1 | 1);
  }

  private boolean add(long from, long length) {
    if (!found.isEmpty() && found.getLast().to() + 1 == from) {
      found.set(found.size() - 1, new Range(found.getLast().from(), from + length));
      return true;
    }
    found.add(new Range(from, from + length));
    return found.size() <= most;
  }
}
