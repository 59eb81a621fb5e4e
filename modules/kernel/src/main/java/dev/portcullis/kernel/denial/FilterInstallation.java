package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The numbers of the calls by which a thread gives itself a filter.
///
/// @param seccomp of seccomp(2)
/// @param prctl of prctl(2), which does much else
public record FilterInstallation(Set<Integer> seccomp, Set<Integer> prctl) {
  // linux/prctl.h
  private static final int PR_SET_SECCOMP = 22;

  public FilterInstallation {
    seccomp = Set.copyOf(seccomp);
    prctl = Set.copyOf(prctl);
  }

  /// Those of a machine, also as a program of 64 bits can make them in the way of 32 bits.
  public static FilterInstallation of(Architecture machine, SyscallTable table) {
    List<Architecture> ways =
        machine == Architecture.X86_64 ? List.of(machine, Architecture.X86) : List.of(machine);
    Set<Integer> seccomp = new HashSet<>();
    Set<Integer> prctl = new HashSet<>();
    for (Architecture way : ways) {
      table
          .of(way)
          .forEach((number, name) -> {
            switch (name) {
              case "seccomp" -> seccomp.add(number);
              case "prctl" -> prctl.add(number);
              default -> {}
            }
          });
    }
    return new FilterInstallation(seccomp, prctl);
  }

  /// Whether a call of this number may be one.
  boolean contain(int number) {
    return seccomp.contains(number) || prctl.contains(number);
  }

  /// Whether a call is one.
  boolean give(CallEntry entry) {
    int number = (int) entry.number();
    return seccomp.contains(number)
        || (prctl.contains(number) && (int) entry.first() == PR_SET_SECCOMP);
  }
}
