package dev.portcullis.seccomp.bpf;

/// One instruction of classic BPF: `struct sock_filter` of linux/filter.h.
///
/// @param code 16 bits, unsigned: what to do
/// @param jt how many instructions to skip where a test holds, 0 to 255
/// @param jf how many instructions to skip where it does not hold, 0 to 255
/// @param k 32 bits, unsigned in nearly every use
public record Instruction(int code, int jt, int jf, int k) {
  /// Bytes of one instruction in memory.
  public static final int BYTES = 8;

  public Instruction {
    if (code < 0 || code > 0xffff || jt < 0 || jt > 0xff || jf < 0 || jf > 0xff) {
      throw new IllegalArgumentException("no instruction has code " + code + ", " + jt + ", " + jf);
    }
  }

  /// An instruction that does not branch.
  public static Instruction of(int code, int k) {
    return new Instruction(code, 0, 0, k);
  }
}
