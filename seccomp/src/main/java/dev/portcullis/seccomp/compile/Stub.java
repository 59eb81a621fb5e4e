package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.List;

/// runc's prologue: calls with numbers above the highest that the profile names get ENOSYS, so that
/// a C library that tries a new call falls back to the old one, which EPERM would keep it from
/// (runc 1.0.0-rc93 and later, libcontainer/seccomp/patchbpf).
///
/// It is there unless the default lets calls through or asks a tracer, and knows the architectures
/// that the profile lists; where it lists none, there is no limit at all.
final class Stub {
  private static final int LOAD = 0x20;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;

  /// `SECCOMP_RET_ERRNO | ENOSYS`
  private static final int NO_SUCH_CALL = 0x00050000 | 38;

  // What x32 has in its numbers (asm/unistd.h).
  private static final int X32_BIT = 0x40000000;

  /// What is known on an architecture.
  ///
  /// @param highest the highest number; 0 where there is none, and then no limit
  record Limit(Architecture architecture, int highest) {}

  private Stub() {}

  static List<Instruction> before(Program program, Action defaultAction, List<Limit> limits) {
    List<Instruction> whole = new ArrayList<>();
    switch (defaultAction) {
      case ALLOW, LOG, TRACE -> {}
      case KILL, KILL_THREAD, KILL_PROCESS, TRAP, ERRNO, NOTIFY -> {
        for (Limit limit : limits) {
          if (limit.highest() > 0) {
            whole.addAll(section(limit));
          }
        }
      }
    }
    whole.addAll(program.instructions());
    return whole;
  }

  /// Returns, or goes on behind its end.
  private static List<Instruction> section(Limit limit) {
    Instruction deny = Instruction.of(RETURN, NO_SUCH_CALL);
    List<Instruction> checks = new ArrayList<>();
    switch (limit.architecture()) {
      case X86_64 -> checks.add(new Instruction(IF_ANY_BIT, 2, 0, X32_BIT));
      case X32 -> checks.add(new Instruction(IF_ANY_BIT, 0, 2, X32_BIT));
      // setup(2) has the number 0 there, which also stands for every number that the kernel's entry
      // code cannot pass on.
      case S390, S390X -> {
        checks.add(new Instruction(IF_EQUAL, 0, 1, 0));
        checks.add(deny);
      }
      case X86,
          ARM,
          AARCH64,
          LOONGARCH64,
          M68K,
          MIPS,
          MIPS64,
          MIPS64N32,
          MIPSEL,
          MIPSEL64,
          MIPSEL64N32,
          PARISC,
          PARISC64,
          PPC,
          PPC64,
          PPC64LE,
          RISCV64,
          SH,
          SHEB -> {}
    }
    checks.add(new Instruction(IF_GREATER, 0, 1, limit.highest()));
    checks.add(deny);
    List<Instruction> section = new ArrayList<>();
    section.add(Instruction.of(LOAD, ARCHITECTURE));
    section.add(new Instruction(IF_EQUAL, 0, checks.size() + 1, limit.architecture().token()));
    section.add(Instruction.of(LOAD, NUMBER));
    section.addAll(checks);
    return section;
  }
}
