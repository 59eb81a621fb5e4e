package dev.portcullis.seccomp.bpf;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Programs as text for people.
final class Disassembly {
  private static final List<String> WORDS = List.of("nr", "arch", "ip.low", "ip.high");

  private Disassembly() {}

  static String of(Program program) {
    return IntStream.range(0, program.size())
        .mapToObj(at -> "%d: %s".formatted(at, text(program.at(at), at)))
        .collect(Collectors.joining("\n"));
  }

  private static String text(Instruction instruction, int at) {
    return Operation.of(instruction)
        .map(operation -> text(operation, at))
        .orElseGet(() -> "0x%02x".formatted(instruction.code()));
  }

  static String text(Operation operation, int at) {
    return switch (operation) {
      case Operation.LoadConstant(Operation.Register to, int value) -> to + " = " + hex(value);
      case Operation.LoadWord(int offset) -> "A = " + word(offset);
      case Operation.LoadScratch(Operation.Register to, int slot) -> to + " = M[" + slot + "]";
      case Operation.StoreScratch(Operation.Register from, int slot) -> "M[" + slot + "] = " + from;
      case Operation.Compute(Operation.Arithmetic arithmetic, Operation.Operand operand) ->
          "A = A " + arithmetic.sign() + " " + operand(operand);
      case Operation.Negate _ -> "A = -A";
      case Operation.Copy(Operation.Register to) ->
          switch (to) {
            case A -> "A = X";
            case X -> "X = A";
          };
      case Operation.Jump(int distance) -> "goto " + (at + 1 + distance);
      case Operation.Branch(Operation.Test test, Operation.Operand operand, int yes, int no) ->
          "if A "
              + test.sign()
              + " "
              + operand(operand)
              + " goto "
              + (at + 1 + yes)
              + " else "
              + (at + 1 + no);
      case Operation.ReturnConstant(int value) -> "return " + hex(value) + " " + Verdict.of(value);
      case Operation.ReturnAccumulator _ -> "return A";
    };
  }

  private static String operand(Operation.Operand operand) {
    return switch (operand) {
      case Operation.Operand.Constant(int value) -> hex(value);
      case Operation.Operand.IndexRegister _ -> "X";
    };
  }

  private static String word(int offset) {
    int word = offset / 4;
    if (offset < 0 || offset % 4 != 0 || word >= Call.BYTES / 4) {
      return "data[" + Integer.toUnsignedString(offset) + "]";
    }
    return word < WORDS.size()
        ? WORDS.get(word)
        : "arg" + (word - 4) / 2 + (word % 2 == 0 ? ".low" : ".high");
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
