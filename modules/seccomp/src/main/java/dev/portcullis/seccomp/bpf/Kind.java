package dev.portcullis.seccomp.bpf;

/// What the kernel does with a call, the most severe first: the order in which it decides between
/// the filters of one task (seccomp(2)).
public enum Kind {
  KILL_PROCESS,
  KILL_THREAD,
  /// Sends SIGSYS; the data is its `si_errno`.
  TRAP,
  /// The data is the errno; 0 lets the call seem to succeed.
  ERRNO,
  /// Asks the listener of the filter; without one the call fails with ENOSYS.
  USER_NOTIF,
  /// Asks a ptrace tracer, to whom the data is a message; without one the call fails with ENOSYS.
  TRACE,
  LOG,
  ALLOW;

  /// Whether the call goes on to the kernel.
  public boolean passes() {
    return switch (this) {
      case LOG, ALLOW -> true;
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, USER_NOTIF, TRACE -> false;
    };
  }

  /// Whether another process decides what becomes of the call.
  public boolean asks() {
    return switch (this) {
      case USER_NOTIF, TRACE -> true;
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, LOG, ALLOW -> false;
    };
  }

  /// Whether the data of a value means something.
  public boolean hasData() {
    return switch (this) {
      case TRAP, ERRNO, TRACE -> true;
      case KILL_PROCESS, KILL_THREAD, USER_NOTIF, LOG, ALLOW -> false;
    };
  }
}
