package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Operation;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The registers and the scratch memory before an instruction: words of {@link Words}.
///
/// @param values scratch memory, A and X, as {@link Liveness} numbers them; shared, never changed
record State(List<Value> values) {
  private static final Value ZERO = new Value(BitVectors.constant(0));

  /// A word that is equal to others with the same bits.
  static final class Value {
    private final int[] bits;
    private final int hash;

    Value(int[] bits) {
      this.bits = bits;
      hash = Arrays.hashCode(bits);
    }

    int[] bits() {
      return bits;
    }

    @Override
    public boolean equals(Object other) {
      return this == other
          || (other instanceof Value value
              && hash == value.hash
              && Arrays.equals(bits, value.bits));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /// The state in which the kernel starts a program.
  static final State START = new State(Collections.nCopies(Operation.SCRATCH + 2, ZERO));

  int[] get(int place) {
    return values.get(place).bits();
  }

  int[] get(Operation.Register register) {
    return get(place(register));
  }

  int[] get(Operation.Operand operand) {
    return switch (operand) {
      case Operation.Operand.Constant(int value) -> BitVectors.constant(value);
      case Operation.Operand.IndexRegister _ -> get(Liveness.X);
    };
  }

  State with(Operation.Register register, int[] bits) {
    return with(place(register), bits);
  }

  State with(int place, int[] bits) {
    Value[] changed = values.toArray(Value[]::new);
    changed[place] = new Value(bits);
    return new State(List.of(changed));
  }

  /// The same where what no longer counts is 0.
  State only(int live) {
    Value[] kept = values.toArray(Value[]::new);
    boolean changed = false;
    for (int place = 0; place < kept.length; place++) {
      if ((live & 1 << place) == 0 && !kept[place].equals(ZERO)) {
        kept[place] = ZERO;
        changed = true;
      }
    }
    return changed ? new State(List.of(kept)) : this;
  }

  private static int place(Operation.Register register) {
    return switch (register) {
      case A -> Liveness.A;
      case X -> Liveness.X;
    };
  }
}
