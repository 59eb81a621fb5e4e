package dev.portcullis.seccomp.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Programs of every instruction that seccomp has, made at random.
public final class RandomPrograms {
  private static final int[] COMPUTE = {
    0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c,
    0xa4, 0xac, 0x84
  };
  private static final int[] CHEAP = {0x04, 0x14, 0x44, 0x54, 0x64, 0x74, 0xa4, 0x84};
  private static final int[] BRANCH = {0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d};
  private static final int[] MOVE = {0x00, 0x01, 0x80, 0x81, 0x07, 0x87, 0x02, 0x03, 0x60, 0x61};
  private static final int[] BOUNDARIES = {
    0, 1, 2, 31, 63, 0xff, 0x100, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff
  };

  private final RandomGenerator random;

  public RandomPrograms(RandomGenerator random) {
    this.random = random;
  }

  /// A value at which programs change their mind.
  public int constant() {
    return switch (random.nextInt(4)) {
      case 0 -> BOUNDARIES[random.nextInt(BOUNDARIES.length)];
      case 1 -> 1 << random.nextInt(32);
      case 2 -> random.nextInt(64);
      default -> random.nextInt();
    };
  }

  /// Instructions that the kernel takes, mostly; whether, is what checkers are asked.
  ///
  /// @param cheap without arithmetic between two words
  public List<Instruction> body(int length, boolean cheap) {
    List<Instruction> body = new ArrayList<>();
    for (int slot = 0; slot < 3; slot++) {
      body.add(Instruction.of(0x20, 4 * random.nextInt(16)));
      body.add(Instruction.of(0x02, slot));
    }
    for (int i = 0; i < length; i++) {
      body.add(any(length - i, cheap));
    }
    body.add(Instruction.of(0x54, cheap ? 0x3 : 0xfff));
    body.add(Instruction.of(0x44, 0x50000));
    body.add(Instruction.of(0x16, 0));
    return body;
  }

  private Instruction any(int rest, boolean cheap) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> Instruction.of(0x20, 4 * random.nextInt(16));
      case 2, 3 -> {
        int[] codes = cheap ? CHEAP : COMPUTE;
        int code = codes[random.nextInt(codes.length)];
        boolean shift = code == 0x64 || code == 0x74;
        int k = shift ? random.nextInt(32) : constant();
        yield Instruction.of(code, code == 0x34 && k == 0 ? 1 : k);
      }
      case 4 -> {
        int code = MOVE[random.nextInt(MOVE.length)];
        yield Instruction.of(code, code >= 0x60 || code == 2 || code == 3 ? random.nextInt(3) : 5);
      }
      case 5 -> Instruction.of(0x06, 0x50000 | random.nextInt(4));
      default -> {
        int code = BRANCH[random.nextInt(BRANCH.length)];
        yield new Instruction(
            cheap ? code & ~0x08 : code, random.nextInt(rest + 1), random.nextInt(2), constant());
      }
    };
  }

  /// A call with values at the edges.
  public Call call(int architecture, int number) {
    long[] arguments = new long[6];
    for (int i = 0; i < 6; i++) {
      arguments[i] = Integer.toUnsignedLong(constant()) << 32 | Integer.toUnsignedLong(constant());
    }
    return Call.of(architecture, number, arguments);
  }
}
