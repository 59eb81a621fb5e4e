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
  public static Checked of(List<Instruction> instructions) {
    Instruction[] copy = instructions.toArray(Instruction[]::new);
    Checked.Refused refused = Checker.check(copy);
    return refused != null ? refused : new Checked.Accepted(new Program(copy));
  }

  /// Reads `struct sock_filter` after `struct sock_filter`, as libseccomp exports them and
  /// ptrace(2) gives them.
  public static Checked decode(byte[] bytes, ByteOrder order) {
    if (bytes.length % Instruction.BYTES != 0) {
      return new Checked.Refused(
          bytes.length / Instruction.BYTES, "the last instruction is cut off");
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
    return Interpreter.run(instructions, call.words());
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
