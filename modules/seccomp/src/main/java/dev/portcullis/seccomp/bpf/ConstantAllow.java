package dev.portcullis.seccomp.bpf;

/// What the kernel can determine about a program when it loads it: `seccomp_is_const_allow` of
/// kernel/seccomp.c. It runs the program with only number and architecture known, understands a few
/// instructions, and gives up at all others.
final class ConstantAllow {
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;

  private ConstantAllow() {}

  static boolean of(Instruction[] program, int architecture, int number) {
    int a = 0;
    int pc = 0;
    while (true) {
      Instruction now = program[pc++];
      int k = now.k();
      switch (now.code()) {
        case 0x20 -> {
          if (k != NUMBER && k != ARCHITECTURE) {
            return false;
          }
          a = k == NUMBER ? number : architecture;
        }
        case 0x54 -> a &= k;
        case 0x05 -> pc += k;
        case 0x15 -> pc += a == k ? now.jt() : now.jf();
        case 0x25 -> pc += Integer.compareUnsigned(a, k) > 0 ? now.jt() : now.jf();
        case 0x35 -> pc += Integer.compareUnsigned(a, k) >= 0 ? now.jt() : now.jf();
        case 0x45 -> pc += (a & k) != 0 ? now.jt() : now.jf();
        case 0x06 -> {
          return k == Filters.ALLOW;
        }
        default -> {
          return false;
        }
      }
    }
  }
}
