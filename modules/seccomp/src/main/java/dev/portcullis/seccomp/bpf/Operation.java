package dev.portcullis.seccomp.bpf;

import java.util.Optional;

/// What an instruction does, as far as seccomp knows it (`seccomp_check_filter` in
/// kernel/seccomp.c).
///
/// The machine has two registers of 32 bits, the accumulator A and the index X, both 0 at the
/// start, and sixteen words of scratch memory.
public sealed interface Operation {
  /// How many words of scratch memory there are: `BPF_MEMWORDS`.
  int SCRATCH = 16;

  enum Register {
    A,
    X
  }

  /// What is computed with A on the left. Division is unsigned; by an X of 0 it ends the program
  /// with the value 0. Of a distance in X the lowest five bits count.
  enum Arithmetic {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    OR("|"),
    AND("&"),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>"),
    XOR("^");

    private final String sign;

    Arithmetic(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /// How A is compared; unsigned.
  enum Test {
    EQUAL("=="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    /// Whether A has any of the bits.
    ANY_BIT("&");

    private final String sign;

    Test(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /// The right-hand side.
  sealed interface Operand {
    record Constant(int value) implements Operand {}

    record IndexRegister() implements Operand {}
  }

  record LoadConstant(Register to, int value) implements Operation {}

  /// Loads a word of the call into A.
  ///
  /// @param offset in `struct seccomp_data`, in bytes
  record LoadWord(int offset) implements Operation {}

  record LoadScratch(Register to, int slot) implements Operation {}

  record StoreScratch(Register from, int slot) implements Operation {}

  record Compute(Arithmetic arithmetic, Operand operand) implements Operation {}

  record Negate() implements Operation {}

  /// Copies A to X, or X to A.
  record Copy(Register to) implements Operation {}

  /// Goes on elsewhere.
  ///
  /// @param distance instructions to skip; unsigned
  record Jump(int distance) implements Operation {}

  record Branch(Test test, Operand operand, int ifTrue, int ifFalse) implements Operation {}

  record ReturnConstant(int value) implements Operation {}

  record ReturnAccumulator() implements Operation {}

  /// The meaning of an instruction; empty where seccomp has none for its code. Whether its numbers
  /// are in range is not looked at.
  static Optional<Operation> of(Instruction instruction) {
    int k = instruction.k();
    return Optional.ofNullable(
        switch (instruction.code()) {
          case 0x00 -> new LoadConstant(Register.A, k);
          case 0x01 -> new LoadConstant(Register.X, k);
          case 0x20 -> new LoadWord(k);
          case 0x80 -> new LoadConstant(Register.A, Call.BYTES);
          case 0x81 -> new LoadConstant(Register.X, Call.BYTES);
          case 0x60 -> new LoadScratch(Register.A, k);
          case 0x61 -> new LoadScratch(Register.X, k);
          case 0x02 -> new StoreScratch(Register.A, k);
          case 0x03 -> new StoreScratch(Register.X, k);
          case 0x84 -> new Negate();
          case 0x07 -> new Copy(Register.X);
          case 0x87 -> new Copy(Register.A);
          case 0x05 -> new Jump(k);
          case 0x06 -> new ReturnConstant(k);
          case 0x16 -> new ReturnAccumulator();
          case 0x04, 0x0c -> compute(Arithmetic.ADD, instruction);
          case 0x14, 0x1c -> compute(Arithmetic.SUBTRACT, instruction);
          case 0x24, 0x2c -> compute(Arithmetic.MULTIPLY, instruction);
          case 0x34, 0x3c -> compute(Arithmetic.DIVIDE, instruction);
          case 0x44, 0x4c -> compute(Arithmetic.OR, instruction);
          case 0x54, 0x5c -> compute(Arithmetic.AND, instruction);
          case 0x64, 0x6c -> compute(Arithmetic.SHIFT_LEFT, instruction);
          case 0x74, 0x7c -> compute(Arithmetic.SHIFT_RIGHT, instruction);
          case 0xa4, 0xac -> compute(Arithmetic.XOR, instruction);
          case 0x15, 0x1d -> branch(Test.EQUAL, instruction);
          case 0x25, 0x2d -> branch(Test.GREATER, instruction);
          case 0x35, 0x3d -> branch(Test.GREATER_OR_EQUAL, instruction);
          case 0x45, 0x4d -> branch(Test.ANY_BIT, instruction);
          default -> null;
        });
  }

  private static Compute compute(Arithmetic arithmetic, Instruction instruction) {
    return new Compute(arithmetic, operand(instruction));
  }

  private static Branch branch(Test test, Instruction instruction) {
    return new Branch(test, operand(instruction), instruction.jt(), instruction.jf());
  }

  private static Operand operand(Instruction instruction) {
    // BPF_X of linux/bpf_common.h
    return (instruction.code() & 0x08) == 0
        ? new Operand.Constant(instruction.k())
        : new Operand.IndexRegister();
  }
}
