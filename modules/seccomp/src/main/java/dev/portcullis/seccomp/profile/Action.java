package dev.portcullis.seccomp.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What happens to a system call, as profiles spell it.
public enum Action {
  /// Kills the thread: the old spelling of {@link #KILL_THREAD}.
  KILL,
  KILL_THREAD,
  KILL_PROCESS,
  /// Sends SIGSYS.
  TRAP,
  /// Fails the call with an errno.
  ERRNO,
  /// Asks a ptrace tracer; without one the call fails with ENOSYS.
  TRACE,
  ALLOW,
  /// Allows the call and has the kernel log it.
  LOG,
  /// Asks the process that listens at `listenerPath`.
  NOTIFY;

  private static final List<String> SPELLINGS =
      Arrays.stream(values()).map(Action::spelling).toList();

  /// The name in a profile: `SCMP_ACT_ERRNO`.
  public String spelling() {
    return "SCMP_ACT_" + name();
  }

  /// Every name that a profile may use.
  public static List<String> spellings() {
    return SPELLINGS;
  }

  /// The action of a name, exactly as written: the runtimes do not ignore case here.
  public static Optional<Action> spelled(String spelling) {
    int index = SPELLINGS.indexOf(spelling);
    return index < 0 ? Optional.empty() : Optional.of(values()[index]);
  }

  /// Whether `errnoRet` means something: the errno, or the message to the tracer.
  public boolean takesErrno() {
    return this == ERRNO || this == TRACE;
  }

  /// Whether the call goes on to the kernel without anybody being asked.
  public boolean letsThrough() {
    return this == ALLOW || this == LOG;
  }

  /// Whether the call always fails or kills its caller, with any listener.
  public boolean denies() {
    return switch (this) {
      case KILL, KILL_THREAD, KILL_PROCESS, TRAP, ERRNO -> true;
      case TRACE, ALLOW, LOG, NOTIFY -> false;
    };
  }

  /// Whether the kernel does the same for both.
  public boolean sameAs(Action other) {
    return this == other
        || (this == KILL && other == KILL_THREAD)
        || (this == KILL_THREAD && other == KILL);
  }
}
