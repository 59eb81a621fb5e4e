package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What filters cost each call.
///
/// @param instructions of all programs together
/// @param longest how many the longest way through all programs has; there may be no call that
///   takes it
/// @param architectures those that were asked for
public record Cost(int instructions, int longest, List<OfArchitecture> architectures) {
  public Cost {
    architectures = List.copyOf(architectures);
  }

  /// On one architecture, for the calls that have names.
  ///
  /// @param typical instructions for a call: the median over all names, with arguments 0
  /// @param allowed how many are let through with arguments 0
  /// @param constant how many of these the kernel lets through without running a program, since
  ///   5.11, where it has a bitmap for the architecture
  public record OfArchitecture(Architecture architecture, int typical, int allowed, int constant) {}

  public static Cost of(
      Filters filters, Collection<Architecture> architectures, SyscallTable table) {
    List<Program> programs = filters.newestFirst();
    return new Cost(
        programs.stream().mapToInt(Program::size).sum(),
        programs.stream().mapToInt(Program::longestPath).sum(),
        architectures.stream().map(each -> of(filters, each, table)).toList());
  }

  private static OfArchitecture of(Filters filters, Architecture architecture, SyscallTable table) {
    int token = architecture.token();
    List<Integer> steps = new ArrayList<>();
    int allowed = 0;
    int constant = 0;
    for (int number : table.of(architecture).keySet()) {
      Call call = Call.of(token, number);
      steps.add(filters.newestFirst().stream().mapToInt(each -> each.steps(call)).sum());
      if (filters.run(call).kind() == Kind.ALLOW) {
        allowed++;
        boolean known =
            filters.newestFirst().stream().allMatch(each -> each.isConstantAllow(token, number));
        constant += known && hasBitmap(architecture) ? 1 : 0;
      }
    }
    steps.sort(null);
    return new OfArchitecture(
        architecture, steps.isEmpty() ? 0 : steps.get(steps.size() / 2), allowed, constant);
  }

  /// The kernel's bitmaps go from 0 to `NR_syscalls`: below the numbers of x32
  /// (`SECCOMP_ARCH_NATIVE_NR` of asm/seccomp.h), and below those of MIPS, for which its code has
  /// none.
  private static boolean hasBitmap(Architecture architecture) {
    return architecture.firstNumber() == 0;
  }
}
