package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A set of system calls, exact.
public final class CallSet {
  private final Diagrams diagrams;
  private final int set;

  private CallSet(Diagrams diagrams, int set) {
    this.diagrams = diagrams;
    this.set = set;
  }

  /// Calls for which a diagram with truth values is true.
  static CallSet of(Diagrams diagrams, int set) {
    return new CallSet(diagrams, set);
  }

  static CallSet whereItEnds(Diagrams diagrams, int root, int end) {
    return new CallSet(diagrams, Ends.where(diagrams, root, Diagrams.END, end));
  }

  static CallSet everything(Diagrams diagrams) {
    return new CallSet(diagrams, Diagrams.TRUE);
  }

  /// A set without a call, which can be put together with this one.
  public CallSet none() {
    return new CallSet(diagrams, Diagrams.FALSE);
  }

  public boolean isEmpty() {
    return set == Diagrams.FALSE;
  }

  /// The calls of both.
  public CallSet or(CallSet other) {
    return new CallSet(diagrams, diagrams.or(set, other.set));
  }

  /// The calls that are in both.
  public CallSet and(CallSet other) {
    return and(other.set);
  }

  /// The calls that are not in the other.
  public CallSet minus(CallSet other) {
    return new CallSet(diagrams, diagrams.choose(other.set, Diagrams.FALSE, set));
  }

  /// Those in which the lower 32 bits of an argument are one of the values: all that the kernel
  /// takes of an `int` or an `unsigned int`.
  public CallSet ofArgument(int argument, List<Integer> values) {
    int any = Diagrams.FALSE;
    for (int value : values) {
      any = diagrams.or(any, word(Call.lowerWord(argument), -1, value));
    }
    return and(any);
  }

  /// Those with a token of the architecture.
  public CallSet ofArchitecture(int token) {
    return and(word(1, -1, token));
  }

  /// Those with none of the tokens.
  public CallSet ofNoArchitecture(List<Integer> tokens) {
    int none = Diagrams.TRUE;
    for (int token : tokens) {
      none = diagrams.and(none, diagrams.not(word(1, -1, token)));
    }
    return and(none);
  }

  /// Whether it has every call with none of the tokens.
  public boolean isEverythingBut(List<Integer> tokens) {
    return new CallSet(diagrams, Diagrams.TRUE).ofNoArchitecture(tokens).set == set;
  }

  /// Those with `(number & mask) == bits`.
  public CallSet ofNumbers(int mask, int bits) {
    return and(word(0, mask, bits));
  }

  private CallSet and(int other) {
    return new CallSet(diagrams, diagrams.and(set, other));
  }

  private int word(int word, int mask, int bits) {
    int equal = Diagrams.TRUE;
    for (int i = 0; i < 32; i++) {
      if ((mask >>> i & 1) == 1) {
        int bit = diagrams.bit(word, i);
        equal = diagrams.and((bits >>> i & 1) == 1 ? bit : diagrams.not(bit), equal);
      }
    }
    return equal;
  }

  /// Some of the calls: those with numbers for which the same arguments are in the set.
  public record SameArguments(Numbers numbers, Condition condition, CallSet calls) {}

  /// The calls of one architecture, by what their arguments must be.
  public List<SameArguments> byArguments(int architecture) {
    int here = diagrams.below(set, 0, 32, architecture);
    List<SameArguments> found = new ArrayList<>();
    for (int arguments : Ends.of(diagrams, here, Order.ARGUMENTS)) {
      if (arguments == Diagrams.FALSE) {
        continue;
      }
      int numbers = Ends.where(diagrams, here, Order.ARGUMENTS, arguments);
      found.add(
          new SameArguments(
              new Numbers(diagrams, numbers),
              ConditionReader.read(diagrams, arguments),
              ofArchitecture(architecture).and(numbers)));
    }
    return found;
  }

  /// One of the calls; bits that do not matter are 0.
  ///
  /// @throws IllegalStateException where there is none
  public Call witness() {
    if (isEmpty()) {
      throw new IllegalStateException("no call is in the set");
    }
    int[] numberAndArchitecture = new int[2];
    long[] values = new long[7];
    int node = set;
    while (node != Diagrams.TRUE) {
      int level = diagrams.level(node);
      boolean one = diagrams.low(node) == Diagrams.FALSE;
      if (one && level < Order.NUMBER) {
        numberAndArchitecture[1] |= 1 << (31 - level);
      } else if (one && level < Order.ARGUMENTS) {
        numberAndArchitecture[0] |= 1 << (Order.ARGUMENTS - 1 - level);
      } else if (one) {
        values[diagrams.order.value(level)] |= 1L << diagrams.order.bit(level);
      }
      node = one ? diagrams.high(node) : diagrams.low(node);
    }
    return new Call(
        numberAndArchitecture[1],
        numberAndArchitecture[0],
        values[6],
        Arrays.stream(values).limit(Call.ARGUMENTS).boxed().toList());
  }
}
