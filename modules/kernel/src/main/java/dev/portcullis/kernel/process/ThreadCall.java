package dev.portcullis.kernel.process;

import java.io.IOException;
import java.util.Set;

/// The system call that a thread waits in, by its number, and what becomes of it by a stop.
///
/// @param number on this machine's own architecture; negative where it waits in none
/// @param time its fourth argument, where futex has its time-out
record ThreadCall(long number, String time) {
  private static final ThreadCall NONE = new ThreadCall(-1, "0x0");

  /// What the kernel makes again as it was, and what {@link Resumption} mends
  /// (arch/x86/entry/syscalls/syscall_64.tbl): poll, select, pause, nanosleep, wait4,
  /// rt_sigsuspend, futex, clock_nanosleep, waitid, pselect6, ppoll, futex_waitv.
  private static final Set<Long> UNNOTICED_X86_64 =
      Set.of(7L, 23L, 34L, 35L, 61L, 130L, 202L, 230L, 247L, 270L, 271L, 449L);

  /// The same of include/uapi/asm-generic/unistd.h, without what is resumed by restart_syscall:
  /// pselect6, ppoll, waitid, rt_sigsuspend, wait4, futex_waitv.
  private static final Set<Long> UNNOTICED_GENERIC = Set.of(72L, 73L, 95L, 133L, 260L, 449L);

  private static final long FUTEX = 98;

  /// What restart_syscall resumes, elsewhere than on x86_64: nanosleep and clock_nanosleep of the
  /// generic numbers, and nanosleep, poll, futex, clock_nanosleep of 32-bit programs on aarch64.
  private static final Set<Long> RESUMED = Set.of(101L, 115L, 162L, 168L, 240L, 265L);

  /// Reads /proc/PID/task/TID/syscall (proc(5)).
  static ThreadCall of(LiveProcess process, long thread) {
    String text;
    try {
      text = process.read("task/" + thread + "/syscall");
    } catch (IOException mayNotBeAsked) {
      // An attempt to stop it reports the reason.
      return NONE;
    }
    if (text == null || text.isBlank() || text.startsWith("running")) {
      return NONE;
    }
    String[] words = text.strip().split(" ", -1);
    return new ThreadCall(Long.parseLong(words[0]), words.length > 4 ? words[4] : "0x0");
  }

  /// Whether nothing comes of a stop but that time goes by.
  boolean isUnnoticed() {
    if (number < 0) {
      return true;
    }
    return Resumption.isPossible()
        ? UNNOTICED_X86_64.contains(number)
        : UNNOTICED_GENERIC.contains(number) || (number == FUTEX && !hasTime());
  }

  /// Whether the kernel resumes it by restart_syscall, and a thread whose filters refuse that
  /// cannot be helped.
  boolean isResumedByTheKernelAlone() {
    return !Resumption.isPossible() && (RESUMED.contains(number) || (number == FUTEX && hasTime()));
  }

  private boolean hasTime() {
    return !time.equals("0x0");
  }
}
