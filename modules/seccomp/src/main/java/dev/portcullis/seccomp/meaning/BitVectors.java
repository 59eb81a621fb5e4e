package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Operation;
import java.util.Arrays;

/// Words of 32 bits of which every bit is a diagram, as circuits compute with them. Bit 0 is the
/// lowest.
final class BitVectors {
  private static final int BITS = 32;

  private final DecisionDiagrams diagrams;

  BitVectors(DecisionDiagrams diagrams) {
    this.diagrams = diagrams;
  }

  static int[] constant(int value) {
    int[] word = new int[BITS];
    for (int i = 0; i < BITS; i++) {
      word[i] = (value >>> i & 1) == 0 ? DecisionDiagrams.FALSE : DecisionDiagrams.TRUE;
    }
    return word;
  }

  /// A word of the call.
  int[] input(int index) {
    int[] word = new int[BITS];
    for (int i = 0; i < BITS; i++) {
      word[i] = diagrams.bit(index, i);
    }
    return word;
  }

  int[] compute(Operation.Arithmetic arithmetic, int[] a, int[] b) {
    return switch (arithmetic) {
      case ADD -> add(a, b, DecisionDiagrams.FALSE);
      case SUBTRACT -> subtract(a, b);
      case MULTIPLY -> multiply(a, b);
      case DIVIDE -> divide(a, b);
      case OR -> each(a, b, diagrams::or);
      case AND -> each(a, b, diagrams::and);
      case XOR -> each(a, b, diagrams::xor);
      case SHIFT_LEFT -> shift(a, b, 1);
      case SHIFT_RIGHT -> shift(a, b, -1);
    };
  }

  int[] negate(int[] a) {
    return subtract(constant(0), a);
  }

  /// Where a test holds.
  int test(Operation.Test test, int[] a, int[] b) {
    return switch (test) {
      case EQUAL -> equal(a, b);
      case GREATER -> less(b, a);
      case GREATER_OR_EQUAL -> diagrams.not(less(a, b));
      case ANY_BIT -> {
        int any = DecisionDiagrams.FALSE;
        for (int i = 0; i < BITS; i++) {
          any = diagrams.or(diagrams.and(a[i], b[i]), any);
        }
        yield any;
      }
    };
  }

  /// From the lowest bit, which is decided last, so that each step puts one question on top.
  int equal(int[] a, int[] b) {
    int equal = DecisionDiagrams.TRUE;
    for (int i = 0; i < BITS; i++) {
      equal =
          diagrams.choose(
              a[i],
              diagrams.choose(b[i], equal, DecisionDiagrams.FALSE),
              diagrams.choose(b[i], DecisionDiagrams.FALSE, equal));
    }
    return equal;
  }

  private int less(int[] a, int[] b) {
    int less = DecisionDiagrams.FALSE;
    for (int i = 0; i < BITS; i++) {
      less =
          diagrams.choose(
              a[i],
              diagrams.choose(b[i], less, DecisionDiagrams.FALSE),
              diagrams.choose(b[i], DecisionDiagrams.TRUE, less));
    }
    return less;
  }

  private interface Gate {
    int of(int a, int b);
  }

  private static int[] each(int[] a, int[] b, Gate gate) {
    int[] word = new int[BITS];
    for (int i = 0; i < BITS; i++) {
      word[i] = gate.of(a[i], b[i]);
    }
    return word;
  }

  private int[] add(int[] a, int[] b, int carryIn) {
    int[] sum = new int[BITS];
    int carry = carryIn;
    for (int i = 0; i < BITS; i++) {
      int differ = diagrams.xor(a[i], b[i]);
      sum[i] = diagrams.xor(differ, carry);
      carry = diagrams.choose(differ, carry, a[i]);
    }
    return sum;
  }

  private int[] subtract(int[] a, int[] b) {
    int[] inverse = new int[BITS];
    for (int i = 0; i < BITS; i++) {
      inverse[i] = diagrams.not(b[i]);
    }
    return add(a, inverse, DecisionDiagrams.TRUE);
  }

  private int[] multiply(int[] a, int[] b) {
    int[] product = constant(0);
    for (int i = 0; i < BITS; i++) {
      if (b[i] != DecisionDiagrams.FALSE) {
        int chosen = b[i];
        int[] shifted = moved(a, i);
        for (int j = 0; j < BITS; j++) {
          shifted[j] = diagrams.and(chosen, shifted[j]);
        }
        product = add(product, shifted, DecisionDiagrams.FALSE);
      }
    }
    return product;
  }

  /// Long division. What comes out for a divisor of 0 is not looked at: the program has ended.
  private int[] divide(int[] a, int[] b) {
    int[] quotient = new int[BITS];
    int[] rest = constant(0);
    for (int i = BITS - 1; i >= 0; i--) {
      int overflow = rest[BITS - 1];
      rest = moved(rest, 1);
      rest[0] = a[i];
      int fits = diagrams.or(overflow, diagrams.not(less(rest, b)));
      quotient[i] = fits;
      int[] less = subtract(rest, b);
      for (int j = 0; j < BITS; j++) {
        rest[j] = diagrams.choose(fits, less[j], rest[j]);
      }
    }
    return quotient;
  }

  /// Five stages, each of which moves by a power of two or not.
  private int[] shift(int[] a, int[] distance, int direction) {
    int[] now = a;
    for (int stage = 0; stage < 5; stage++) {
      int[] moved = moved(now, direction << stage);
      int[] next = new int[BITS];
      for (int i = 0; i < BITS; i++) {
        next[i] = diagrams.choose(distance[stage], moved[i], now[i]);
      }
      now = next;
    }
    return now;
  }

  private static int[] moved(int[] a, int left) {
    int[] word = new int[BITS];
    Arrays.fill(word, DecisionDiagrams.FALSE);
    for (int i = 0; i < BITS; i++) {
      int from = i - left;
      if (from >= 0 && from < BITS) {
        word[i] = a[from];
      }
    }
    return word;
  }
}
