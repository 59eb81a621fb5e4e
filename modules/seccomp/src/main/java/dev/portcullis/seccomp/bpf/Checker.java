package dev.portcullis.seccomp.bpf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The kernel's rules for a filter: `bpf_check_classic` and `check_load_and_stores` of
/// net/core/filter.c, and `seccomp_check_filter` of kernel/seccomp.c.
///
/// Jumps go forward only, so a program that passes always ends.
final class Checker {
  private static final int ALL = 0xffff;

  private Checker() {}

  static ProgramCheck.@Nullable Refused check(Instruction[] program) {
    if (program.length == 0) {
      return new ProgramCheck.Refused(0, "a program has at least one instruction");
    }
    if (program.length > Program.LONGEST) {
      return tooLong(program.length);
    }
    Operation[] operations = new Operation[program.length];
    for (int at = 0; at < program.length; at++) {
      Operation operation = Operation.of(program[at]).orElse(null);
      if (operation == null) {
        return new ProgramCheck.Refused(
            at, "seccomp has no instruction 0x%02x".formatted(program[at].code()));
      }
      String wrong = wrong(operation, program.length - at - 1);
      if (wrong != null) {
        return new ProgramCheck.Refused(at, wrong);
      }
      operations[at] = operation;
    }
    return switch (operations[program.length - 1]) {
      case Operation.ReturnConstant _, Operation.ReturnAccumulator _ -> scratch(operations);
      case Operation last ->
          new ProgramCheck.Refused(
              program.length - 1, "the last instruction must be a return, not " + name(last));
    };
  }

  static ProgramCheck.Refused tooLong(int length) {
    return new ProgramCheck.Refused(
        Program.LONGEST, length + " instructions; the kernel takes " + Program.LONGEST);
  }

  /// What is wrong with one operation by itself.
  ///
  /// @param rest how many instructions follow
  private static @Nullable String wrong(Operation operation, int rest) {
    return switch (operation) {
      case Operation.LoadWord(int offset) ->
          offset < 0 || offset >= Call.BYTES || offset % 4 != 0
              ? "seccomp_data has no word at offset " + Integer.toUnsignedString(offset)
              : null;
      case Operation.LoadScratch(_, int slot) -> wrongSlot(slot);
      case Operation.StoreScratch(_, int slot) -> wrongSlot(slot);
      case Operation.Compute(Operation.Arithmetic arithmetic, Operation.Operand operand) ->
          operand instanceof Operation.Operand.Constant(int value)
              ? wrongConstant(arithmetic, value)
              : null;
      case Operation.Jump(int distance) ->
          Integer.compareUnsigned(distance, rest) >= 0 ? "jumps past the end" : null;
      case Operation.Branch(_, _, int ifTrue, int ifFalse) ->
          ifTrue >= rest || ifFalse >= rest ? "jumps past the end" : null;
      case Operation.LoadConstant _,
          Operation.Negate _,
          Operation.Copy _,
          Operation.ReturnConstant _,
          Operation.ReturnAccumulator _ ->
          null;
    };
  }

  private static @Nullable String wrongSlot(int slot) {
    return slot < 0 || slot >= Operation.SCRATCH
        ? "there is no scratch memory slot M[" + Integer.toUnsignedString(slot) + "]"
        : null;
  }

  private static @Nullable String wrongConstant(Operation.Arithmetic arithmetic, int value) {
    return switch (arithmetic) {
      case DIVIDE -> value == 0 ? "divides by 0" : null;
      case SHIFT_LEFT, SHIFT_RIGHT ->
          value < 0 || value > 31 ? "shifts by " + Integer.toUnsignedString(value) : null;
      case ADD, SUBTRACT, MULTIPLY, OR, AND, XOR -> null;
    };
  }

  /// Whether memory is read before it is written, on any path. As in the kernel, what was written
  /// before a return counts for the instruction after it too, together with what is written on the
  /// jumps to there.
  private static ProgramCheck.@Nullable Refused scratch(Operation[] operations) {
    int[] written = new int[operations.length];
    Arrays.fill(written, ALL);
    int now = 0;
    for (int at = 0; at < operations.length; at++) {
      now &= written[at];
      switch (operations[at]) {
        case Operation.StoreScratch(_, int slot) -> now |= 1 << slot;
        case Operation.LoadScratch(_, int slot) -> {
          if ((now & (1 << slot)) == 0) {
            return new ProgramCheck.Refused(at, "reads M[" + slot + "], which may be unset");
          }
        }
        case Operation.Jump(int distance) -> {
          written[at + 1 + distance] &= now;
          now = ALL;
        }
        case Operation.Branch(_, _, int ifTrue, int ifFalse) -> {
          written[at + 1 + ifTrue] &= now;
          written[at + 1 + ifFalse] &= now;
          now = ALL;
        }
        case Operation.LoadConstant _,
            Operation.LoadWord _,
            Operation.Compute _,
            Operation.Negate _,
            Operation.Copy _,
            Operation.ReturnConstant _,
            Operation.ReturnAccumulator _ -> {}
      }
    }
    return null;
  }

  private static String name(Operation operation) {
    return Disassembly.text(operation, 0);
  }
}
