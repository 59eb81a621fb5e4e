package dev.portcullis.seccomp.meaning;

import java.util.ArrayList;
import java.util.List;

/// Covers a set of arguments with cubes, each of which fixes some bits: an irredundant sum of
/// products (Minato 1992, after Morreale 1970). Cubes may overlap.
final class CubeCover {
  /// Arguments and the instruction pointer, as mask and bits.
  private static final int VALUES = 7;

  private final DecisionDiagrams diagrams;
  private final int most;

  private CubeCover(DecisionDiagrams diagrams, int most) {
    this.diagrams = diagrams;
    this.most = most;
  }

  private record Part(int set, List<long[]> cubes) {}

  /// The cubes: the mask of value `i` at `2 * i`, its bits behind it.
  ///
  /// @throws TooManyCubesException where there are more than asked for
  static List<long[]> of(DecisionDiagrams diagrams, int set, int most)
      throws TooManyCubesException {
    return new CubeCover(diagrams, most).cover(set, set).cubes();
  }

  /// Of all that must be covered, with cubes of what may be.
  private Part cover(int must, int may) throws TooManyCubesException {
    if (must == DecisionDiagrams.FALSE) {
      return new Part(DecisionDiagrams.FALSE, List.of());
    }
    if (may == DecisionDiagrams.TRUE) {
      return new Part(DecisionDiagrams.TRUE, List.of(new long[2 * VALUES]));
    }
    diagrams.step();
    int top = Math.min(diagrams.level(must), diagrams.level(may));
    int must0 = diagrams.below(must, top, 0);
    int must1 = diagrams.below(must, top, 1);
    int may0 = diagrams.below(may, top, 0);
    int may1 = diagrams.below(may, top, 1);
    Part zero = cover(minus(must0, may1), may0);
    Part one = cover(minus(must1, may0), may1);
    Part both =
        cover(
            diagrams.or(minus(must0, zero.set()), minus(must1, one.set())),
            diagrams.and(may0, may1));
    List<long[]> cubes = new ArrayList<>();
    zero.cubes().forEach(cube -> cubes.add(with(cube, top, 0)));
    one.cubes().forEach(cube -> cubes.add(with(cube, top, 1)));
    cubes.addAll(both.cubes());
    if (cubes.size() > most) {
      throw new TooManyCubesException();
    }
    int question = diagrams.node(top, DecisionDiagrams.FALSE, DecisionDiagrams.TRUE);
    return new Part(
        diagrams.or(diagrams.choose(question, one.set(), zero.set()), both.set()), cubes);
  }

  private int minus(int set, int other) {
    return diagrams.choose(other, DecisionDiagrams.FALSE, set);
  }

  private long[] with(long[] cube, int level, long answer) {
    int value = diagrams.order.value(level);
    int bit = diagrams.order.bit(level);
    long[] longer = cube.clone();
    longer[2 * value] |= 1L << bit;
    longer[2 * value + 1] |= answer << bit;
    return longer;
  }

  /// It takes more cubes than anybody wants.
  static final class TooManyCubesException extends Exception {
    private static final long serialVersionUID = 1;
  }
}
