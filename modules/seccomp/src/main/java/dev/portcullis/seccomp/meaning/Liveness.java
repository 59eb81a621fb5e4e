package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Operation;

/// What of the machine's state still counts before each instruction, so that states which differ in
/// nothing else are one. Bit 0 to 15 are scratch memory, then A and X.
final class Liveness {
  static final int A = Operation.SCRATCH;
  static final int X = Operation.SCRATCH + 1;

  private Liveness() {}

  static int[] of(Operation[] program) {
    int[] live = new int[program.length];
    for (int at = program.length - 1; at >= 0; at--) {
      int next = at + 1 < program.length ? live[at + 1] : 0;
      live[at] =
          switch (program[at]) {
            case Operation.LoadConstant(Operation.Register to, _) -> next & ~bit(to);
            case Operation.LoadWord _ -> next & ~(1 << A);
            case Operation.LoadScratch(Operation.Register to, int slot) ->
                (next & ~bit(to)) | 1 << slot;
            case Operation.StoreScratch(Operation.Register from, int slot) ->
                (next & ~(1 << slot)) | bit(from);
            case Operation.Compute(_, Operation.Operand operand) -> next | 1 << A | bit(operand);
            case Operation.Negate _ -> next | 1 << A;
            case Operation.Copy(Operation.Register to) ->
                switch (to) {
                  case A -> (next & ~(1 << A)) | 1 << X;
                  case X -> (next & ~(1 << X)) | 1 << A;
                };
            case Operation.Jump(int distance) -> live[at + 1 + distance];
            case Operation.Branch(_, Operation.Operand operand, int ifTrue, int ifFalse) ->
                live[at + 1 + ifTrue] | live[at + 1 + ifFalse] | 1 << A | bit(operand);
            case Operation.ReturnConstant _ -> 0;
            case Operation.ReturnAccumulator _ -> 1 << A;
          };
    }
    return live;
  }

  private static int bit(Operation.Register register) {
    return switch (register) {
      case A -> 1 << A;
      case X -> 1 << X;
    };
  }

  private static int bit(Operation.Operand operand) {
    return switch (operand) {
      case Operation.Operand.Constant _ -> 0;
      case Operation.Operand.IndexRegister _ -> 1 << X;
    };
  }
}
