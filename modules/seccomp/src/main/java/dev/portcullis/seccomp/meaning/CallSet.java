package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A set of system calls, exact.
public final class CallSet {
  private final DecisionDiagrams diagrams;
  private final int set;

  private CallSet(DecisionDiagrams diagrams, int set) {
    this.diagrams = diagrams;
    this.set = set;
  }

  /// Calls for which a diagram with truth values is true.
  static CallSet of(DecisionDiagrams diagrams, int set) {
    return new CallSet(diagrams, set);
  }

  static CallSet whereItEnds(DecisionDiagrams diagrams, int root, int end) {
    return new CallSet(diagrams, Cofactors.where(diagrams, root, DecisionDiagrams.END, end));
  }

  static CallSet everything(DecisionDiagrams diagrams) {
    return new CallSet(diagrams, DecisionDiagrams.TRUE);
  }

  /// A set without a call, which can be put together with this one.
  public CallSet none() {
    return new CallSet(diagrams, DecisionDiagrams.FALSE);
  }

  public boolean isEmpty() {
    return set == DecisionDiagrams.FALSE;
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
    return new CallSet(diagrams, diagrams.choose(other.set, DecisionDiagrams.FALSE, set));
  }

  /// Those in which the lower 32 bits of an argument are one of the values: all that the kernel
  /// takes of an `int` or an `unsigned int`.
  public CallSet ofArgument(int argument, List<Integer> values) {
    int any = DecisionDiagrams.FALSE;
    for (int value : values) {
      any = diagrams.or(any, word(Call.lowerWord(argument), -1, value));
    }
    return and(any);
  }

  /// Those whose six arguments have these bits.
  public CallSet ofArguments(List<ArgumentValues.Masked> arguments) {
    int all = set;
    for (int argument = 0; argument < arguments.size(); argument++) {
      ArgumentValues.Masked masked = arguments.get(argument);
      int lower = Call.lowerWord(argument);
      all = diagrams.and(all, word(lower, (int) masked.mask(), (int) masked.bits()));
      all =
          diagrams.and(
              all, word(lower + 1, (int) (masked.mask() >>> 32), (int) (masked.bits() >>> 32)));
    }
    return new CallSet(diagrams, all);
  }

  /// Those with a token of the architecture.
  public CallSet ofArchitecture(int token) {
    return and(word(1, -1, token));
  }

  /// Those with none of the tokens.
  public CallSet ofNoArchitecture(List<Integer> tokens) {
    int none = DecisionDiagrams.TRUE;
    for (int token : tokens) {
      none = diagrams.and(none, diagrams.not(word(1, -1, token)));
    }
    return and(none);
  }

  /// Whether it has every call with none of the tokens.
  public boolean isEverythingBut(List<Integer> tokens) {
    return new CallSet(diagrams, DecisionDiagrams.TRUE).ofNoArchitecture(tokens).set == set;
  }

  /// Those with `(number & mask) == bits`.
  public CallSet ofNumbers(int mask, int bits) {
    return and(word(0, mask, bits));
  }

  private CallSet and(int other) {
    return new CallSet(diagrams, diagrams.and(set, other));
  }

  private int word(int word, int mask, int bits) {
    int equal = DecisionDiagrams.TRUE;
    for (int i = 0; i < 32; i++) {
      if ((mask >>> i & 1) == 1) {
        int bit = diagrams.bit(word, i);
        equal = diagrams.and((bits >>> i & 1) == 1 ? bit : diagrams.not(bit), equal);
      }
    }
    return equal;
  }

  /// Every call of any number and architecture whose arguments the kernel takes for those of one of
  /// these calls that has this number: what calls of two architectures are compared by.
  ///
  /// @param taken for each argument the bits that the kernel takes: the lowest
  public CallSet argumentsOf(int architecture, int number, List<Long> taken) {
    return new CallSet(diagrams, new IgnoredBits(diagrams, architecture, number, taken).taken(set));
  }

  /// Some of the calls: those with numbers for which the same arguments are in the set.
  public record SameArguments(Numbers numbers, CallCondition condition, CallSet calls) {}

  /// The calls of one architecture, by what their arguments must be.
  public List<SameArguments> byArguments(int architecture) {
    int here = diagrams.below(set, 0, 32, architecture);
    List<SameArguments> found = new ArrayList<>();
    for (int arguments : Cofactors.of(diagrams, here, VariableOrder.ARGUMENTS)) {
      if (arguments == DecisionDiagrams.FALSE) {
        continue;
      }
      int numbers = Cofactors.where(diagrams, here, VariableOrder.ARGUMENTS, arguments);
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
    while (node != DecisionDiagrams.TRUE) {
      int level = diagrams.level(node);
      boolean one = diagrams.low(node) == DecisionDiagrams.FALSE;
      if (one && level < VariableOrder.NUMBER) {
        numberAndArchitecture[1] |= 1 << (31 - level);
      } else if (one && level < VariableOrder.ARGUMENTS) {
        numberAndArchitecture[0] |= 1 << (VariableOrder.ARGUMENTS - 1 - level);
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
