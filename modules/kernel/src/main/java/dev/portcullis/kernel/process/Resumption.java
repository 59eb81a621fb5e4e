package dev.portcullis.kernel.process;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.profile.Architecture;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Lets a thread that was stopped in a system call go on as if it had not been: x86_64 only.
///
/// A stop ends the call that a thread waits in, and what the call then returns to the kernel's own
/// code determines how it goes on (arch/x86/kernel/signal.c, `arch_do_signal_or_restart`):
///
/// * most are made again as they were, and wait on;
/// * those with a relative time (nanosleep, poll, futex and others) are resumed with what is left
///   of it by **another call, restart_syscall**, which goes through the filters: where they refuse
///   it, the wait is over at once, or the process is killed. Such a thread is followed to that
///   call, and its filters are taken from it for just this one (`PTRACE_O_SUSPEND_SECCOMP`); once
///   it waits again, the tracer ends, which does not wake it;
/// * a few end with EINTR. Where they have no time to wait, the same call is made again, unless a
///   handler of the program runs meanwhile: then EINTR is right.
final class Resumption {
  // struct user_regs_struct of asm/user_64.h
  private static final long R10 = 7 * 8;
  private static final long R9 = 8 * 8;
  private static final long R8 = 9 * 8;
  private static final long RAX = 10 * 8;
  private static final long RDX = 12 * 8;
  private static final long RSI = 13 * 8;
  private static final long RDI = 14 * 8;
  private static final long ORIG_RAX = 15 * 8;
  private static final long RIP = 16 * 8;
  private static final List<Long> ARGUMENTS = List.of(RDI, RSI, RDX, R10, R8, R9);

  // linux/errno.h, and asm-generic/errno-base.h
  private static final long EINTR = -4;
  private static final long ERESTARTNOHAND = -514;
  private static final long ERESTART_RESTARTBLOCK = -516;

  // arch/x86/entry/syscalls: restart_syscall
  private static final int RESTART_X86_64 = 219;
  private static final int RESTART_X86 = 0;

  // arch/x86/entry/syscalls: what ends with EINTR (signal(7))
  private static final int SEMOP = 65;
  private static final int RT_SIGTIMEDWAIT = 128;
  private static final int IO_GETEVENTS = 208;
  private static final int SEMTIMEDOP = 220;
  private static final int EPOLL_WAIT = 232;
  private static final int EPOLL_PWAIT = 281;
  private static final int EPOLL_PWAIT2 = 441;

  /// Also when the time is over: who goes on without filters soon waits.
  private static final int LEAST_LOOKS = 5_000;

  private final Tracee tracee;
  private final Filters filters;
  private final LiveProcess process;
  private final long thread;
  private final Deadline deadline;

  private Resumption(
      Tracee tracee, Filters filters, LiveProcess process, long thread, Deadline deadline) {
    this.tracee = tracee;
    this.filters = filters;
    this.process = process;
    this.thread = thread;
    this.deadline = deadline;
  }

  /// Whether such a thread can be let go as if it had not been stopped.
  static boolean isPossible() {
    return "amd64".equals(System.getProperty("os.arch"));
  }

  /// Whether its filters have to be known to let it go.
  static boolean asksTheFilters(Tracee tracee) {
    return isPossible() && tracee.word(RAX) == ERESTART_RESTARTBLOCK;
  }

  /// Lets it go where {@link #asksTheFilters} said no.
  static void goOn(Tracee tracee) {
    if (isPossible() && tracee.word(RAX) == EINTR && waitsForEver(tracee)) {
      boolean _ = tracee.setWord(RAX, ERESTARTNOHAND);
    }
    tracee.letGo();
  }

  /// Lets it go where {@link #asksTheFilters} said yes.
  ///
  /// @param deadline then it goes on with its filters, wherever it is: its signals may keep it from
  ///   its wait for ever
  static void goOn(
      Tracee tracee, Filters filters, LiveProcess process, long thread, Deadline deadline)
      throws Tracee.GoneException, IOException {
    new Resumption(tracee, filters, process, thread, deadline).resume();
  }

  private static boolean waitsForEver(Tracee tracee) {
    Optional<Tracee.CallState> call = tracee.call();
    if (call.isEmpty() || call.get().architecture() != Architecture.X86_64.token()) {
      return false;
    }
    long number = tracee.word(ORIG_RAX);
    return number == SEMOP
        || (number == RT_SIGTIMEDWAIT && tracee.word(RDX) == 0)
        || ((number == EPOLL_WAIT || number == EPOLL_PWAIT) && (int) tracee.word(R10) < 0)
        || ((number == SEMTIMEDOP || number == EPOLL_PWAIT2) && tracee.word(R10) == 0)
        || (number == IO_GETEVENTS && tracee.word(R8) == 0);
  }

  private void resume() throws Tracee.GoneException, IOException {
    Optional<Tracee.CallState> call = tracee.call();
    if (call.isPresent() && allowed(call.get().architecture())) {
      tracee.letGo();
    } else if (call.isPresent() && tracee.takeFilters()) {
      followToTheWait(call.get().architecture());
    } else {
      // An older kernel: the wait begins anew, with all of its time.
      boolean _ = tracee.setWord(RAX, ERESTARTNOHAND);
      tracee.letGo();
    }
  }

  /// The number of restart_syscall as the thread will call it.
  private long restart(int architecture) {
    return architecture == Architecture.X86.token()
        ? RESTART_X86
        : RESTART_X86_64 | (tracee.word(ORIG_RAX) & Architecture.X32_BIT);
  }

  /// Whether its filters let it resume its call: it has the arguments of the call that it waits in.
  private boolean allowed(int architecture) {
    if (architecture != Architecture.X86_64.token()) {
      return false;
    }
    List<Long> arguments = ARGUMENTS.stream().map(tracee::word).toList();
    Call call = new Call(architecture, (int) restart(architecture), tracee.word(RIP), arguments);
    return filters.run(call).kind() == Kind.ALLOW;
  }

  /// Without its filters it can do nothing but that one call: it stops at the beginning of each.
  private void followToTheWait(int architecture) throws Tracee.GoneException, IOException {
    long restart = restart(architecture);
    boolean resuming = false;
    while (true) {
      tracee.runToCall();
      if (!stopsBefore(resuming)) {
        // It waits. The end of this thread gives it its filters, and does not wake it.
        return;
      }
      boolean begins = tracee.call().equals(Optional.of(Tracee.CallState.begins(architecture)));
      boolean again = tracee.standsAtCall() && tracee.word(RAX) == ERESTART_RESTARTBLOCK;
      resuming = tracee.standsAtCall() && begins && tracee.word(ORIG_RAX) == restart;
      boolean signalled = !tracee.standsAtCall() && !tracee.standsBySignal();
      if (!resuming && (deadline.isOver() || !(again || signalled))) {
        break;
      }
    }
    if (tracee.word(ORIG_RAX) >= 0 && tracee.word(RAX) == ERESTART_RESTARTBLOCK) {
      // Its filters may refuse to resume the call: it is made again as it was.
      boolean _ = tracee.setWord(RAX, ERESTARTNOHAND);
    }
    tracee.giveFilters();
    tracee.letGo();
  }

  /// Whether it stops, at a call or for a signal, before it waits in the call that was resumed, or
  /// for too long runs a handler of the program.
  private boolean stopsBefore(boolean resuming) throws Tracee.GoneException, IOException {
    for (int i = 0; !tracee.hasStopped(); i++) {
      if ((resuming && sleeps()) || (i >= LEAST_LOOKS && deadline.isOver())) {
        return false;
      }
      Tracee.pause(i);
    }
    return true;
  }

  /// Whether it waits in the kernel (proc(5), `stat`).
  private boolean sleeps() throws IOException {
    String stat = process.read("task/" + thread + "/stat");
    return stat != null && stat.startsWith(") S", stat.lastIndexOf(')'));
  }
}
