package dev.portcullis.seccomp.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A filter that the kernel takes: classic BPF, checked by the kernel's rules.
public final class Program {
  /// `BPF_MAXINSNS` of linux/bpf_common.h.
  public static final int LONGEST = 4096;

  private final Instruction[] instructions;

  private Program(Instruction[] instructions) {
    this.instructions = instructions;
  }

  /// The program, or why the kernel would refuse it.
  public static ProgramCheck of(List<Instruction> instructions) {
    Instruction[] copy = instructions.toArray(Instruction[]::new);
    ProgramCheck.Refused refused = Checker.check(copy);
    return refused != null ? refused : new ProgramCheck.Accepted(new Program(copy));
  }

  /// Reads `struct sock_filter` after `struct sock_filter`, as libseccomp exports them and
  /// ptrace(2) gives them.
  public static ProgramCheck decode(byte[] bytes, ByteOrder order) {
    if (bytes.length % Instruction.BYTES != 0) {
      return new ProgramCheck.Refused(
          bytes.length / Instruction.BYTES, "the last instruction is incomplete");
    }
    if (bytes.length > LONGEST * Instruction.BYTES) {
      return Checker.tooLong(bytes.length / Instruction.BYTES);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    List<Instruction> instructions = new ArrayList<>();
    while (buffer.hasRemaining()) {
      instructions.add(
          new Instruction(
              Short.toUnsignedInt(buffer.getShort()),
              Byte.toUnsignedInt(buffer.get()),
              Byte.toUnsignedInt(buffer.get()),
              buffer.getInt()));
    }
    return of(instructions);
  }

  /// The bytes that {@link #decode} reads.
  public byte[] encode(ByteOrder order) {
    ByteBuffer buffer = ByteBuffer.allocate(size() * Instruction.BYTES).order(order);
    for (Instruction each : instructions) {
      buffer.putShort((short) each.code());
      buffer.put((byte) each.jt()).put((byte) each.jf()).putInt(each.k());
    }
    return buffer.array();
  }

  /// How many instructions it has.
  public int size() {
    return instructions.length;
  }

  public Instruction at(int index) {
    return instructions[index];
  }

  public List<Instruction> instructions() {
    return List.of(instructions);
  }

  /// The value that it returns for a call.
  public int run(Call call) {
    return (int) Interpreter.run(instructions, call.words());
  }

  /// How many instructions it runs for a call.
  public int steps(Call call) {
    return (int) (Interpreter.run(instructions, call.words()) >>> 32);
  }

  /// How many instructions it can run at the most, whether or not there is a call for it.
  public int longestPath() {
    int[] longest = new int[instructions.length];
    for (int at = instructions.length - 1; at >= 0; at--) {
      longest[at] =
          1
              + switch (Operation.of(instructions[at]).orElseThrow()) {
                case Operation.Jump(int distance) -> longest[at + 1 + distance];
                case Operation.Branch(_, _, int ifTrue, int ifFalse) ->
                    Math.max(longest[at + 1 + ifTrue], longest[at + 1 + ifFalse]);
                case Operation.ReturnConstant _, Operation.ReturnAccumulator _ -> 0;
                case Operation.LoadConstant _,
                    Operation.LoadWord _,
                    Operation.LoadScratch _,
                    Operation.StoreScratch _,
                    Operation.Compute _,
                    Operation.Negate _,
                    Operation.Copy _ ->
                    longest[at + 1];
              };
    }
    return longest[0];
  }

  /// Whether the kernel lets a call of this architecture and number through without running the
  /// program: since 5.11 it keeps a bitmap of those for which it could determine that when the
  /// program was loaded.
  public boolean isConstantAllow(int architecture, int number) {
    return ConstantAllow.of(instructions, architecture, number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Program program && Arrays.equals(instructions, program.instructions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(instructions);
  }

  /// The program as text, one line for each instruction.
  @Override
  public String toString() {
    return Disassembly.of(this);
  }
}
