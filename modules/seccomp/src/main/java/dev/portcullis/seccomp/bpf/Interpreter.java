package dev.portcullis.seccomp.bpf;

/// Runs a program as the kernel does, instruction by instruction.
///
/// It reads the codes itself and shares nothing with {@link Operation}: it is the judge of what is
/// computed from there.
final class Interpreter {
  private Interpreter() {}

  /// The value that comes out, in the lower half, and how many instructions were run, in the upper.
  ///
  /// @param words `struct seccomp_data`
  static long run(Instruction[] program, int[] words) {
    int[] memory = new int[16];
    int a = 0;
    int x = 0;
    int pc = 0;
    int steps = 0;
    while (true) {
      steps++;
      Instruction now = program[pc++];
      int k = now.k();
      // The source of linux/bpf_common.h: BPF_X.
      int source = (now.code() & 0x08) == 0 ? k : x;
      switch (now.code()) {
        case 0x00 -> a = k;
        case 0x01 -> x = k;
        case 0x20 -> a = words[k >> 2];
        case 0x80 -> a = 64;
        case 0x81 -> x = 64;
        case 0x60 -> a = memory[k];
        case 0x61 -> x = memory[k];
        case 0x02 -> memory[k] = a;
        case 0x03 -> memory[k] = x;
        case 0x04, 0x0c -> a += source;
        case 0x14, 0x1c -> a -= source;
        case 0x24, 0x2c -> a *= source;
        case 0x34, 0x3c -> {
          if (source == 0) {
            // bpf_convert_filter: the program ends with 0
            return end(0, steps);
          }
          a = Integer.divideUnsigned(a, source);
        }
        case 0x44, 0x4c -> a |= source;
        case 0x54, 0x5c -> a &= source;
        // Java takes the lowest five bits of a distance, as BPF does.
        case 0x64, 0x6c -> a <<= source;
        case 0x74, 0x7c -> a >>>= source;
        case 0xa4, 0xac -> a ^= source;
        case 0x84 -> a = -a;
        case 0x05 -> pc += k;
        case 0x15, 0x1d -> pc += a == source ? now.jt() : now.jf();
        case 0x25, 0x2d -> pc += Integer.compareUnsigned(a, source) > 0 ? now.jt() : now.jf();
        case 0x35, 0x3d -> pc += Integer.compareUnsigned(a, source) >= 0 ? now.jt() : now.jf();
        case 0x45, 0x4d -> pc += (a & source) != 0 ? now.jt() : now.jf();
        case 0x06 -> {
          return end(k, steps);
        }
        case 0x16 -> {
          return end(a, steps);
        }
        case 0x07 -> x = a;
        case 0x87 -> a = x;
        default -> throw new IllegalStateException("not checked: 0x%02x".formatted(now.code()));
      }
    }
  }

  private static long end(int value, int steps) {
    return (long) steps << 32 | Integer.toUnsignedLong(value);
  }
}
