package dev.portcullis.seccomp.bpf;

import dev.portcullis.seccomp.profile.Errno;
import java.util.Optional;

/// What the kernel does with a call: the value that a filter returned, as the kernel reads it.
///
/// @param data the errno, or the data of a trap or trace; 0 for a kind that has no data
public record Verdict(Kind kind, int data) {
  /// The call seems not to exist: ENOSYS, so that programs use an older one.
  public static final Verdict ABSENT = new Verdict(Kind.ERRNO, Errno.ENOSYS);

  // SECCOMP_RET_* of linux/seccomp.h
  private static final int ACTION = 0xffff0000;
  private static final int DATA = 0x0000ffff;
  private static final int MAX_ERRNO = 4095;

  /// Reads a value as `__seccomp_filter` does: actions that the kernel does not know kill the
  /// process, and an errno above MAX_ERRNO is MAX_ERRNO.
  public static Verdict of(int value) {
    int data = value & DATA;
    return switch (value & ACTION) {
      case 0x00000000 -> new Verdict(Kind.KILL_THREAD, 0);
      case 0x00030000 -> new Verdict(Kind.TRAP, data);
      case 0x00050000 -> new Verdict(Kind.ERRNO, Math.min(data, MAX_ERRNO));
      case 0x7fc00000 -> new Verdict(Kind.USER_NOTIF, 0);
      case 0x7ff00000 -> new Verdict(Kind.TRACE, data);
      case 0x7ffc0000 -> new Verdict(Kind.LOG, 0);
      case Filters.ALLOW -> new Verdict(Kind.ALLOW, 0);
      default -> new Verdict(Kind.KILL_PROCESS, 0);
    };
  }

  /// The value that a filter returns for it, {@link #of} the other way round.
  public int value() {
    return switch (kind) {
      case KILL_PROCESS -> 0x80000000;
      case KILL_THREAD -> 0x00000000;
      case TRAP -> 0x00030000 | data;
      case ERRNO -> 0x00050000 | data;
      case USER_NOTIF -> 0x7fc00000;
      case TRACE -> 0x7ff00000 | data;
      case LOG -> 0x7ffc0000;
      case ALLOW -> Filters.ALLOW;
    };
  }

  /// Of the values of two filters on one task the one that counts: the lower action as a signed
  /// number, and of equal ones that of the newer filter (`seccomp_run_filters`). Values are
  /// compared before they are read: 0x00010000, which no kernel knows, loses against a KILL_THREAD.
  public static int stronger(int newer, int older) {
    return (older & ACTION) < (newer & ACTION) ? older : newer;
  }

  /// Whether the call is not made and seems to succeed: errno 0. No other errno does: the kernel
  /// gives none above 4095, and C libraries take all up to it for errors.
  public boolean fakesSuccess() {
    return kind == Kind.ERRNO && data == 0;
  }

  /// Whether the other does less to the call.
  public boolean isStricterThan(Verdict other) {
    return kind.compareTo(other.kind) < 0;
  }

  /// The verdict for people, such as `ALLOW`, `EPERM`, `errno 0` or `TRAP 7`. An errno has the name
  /// that programs of that architecture know it by.
  ///
  /// @param token the architecture, as `seccomp_data.arch` has it
  public String on(int token) {
    return text(Errno.name(data, token));
  }

  /// The same with the names of asm-generic/errno.h, which all architectures of profiles but MIPS
  /// and PA-RISC use.
  @Override
  public String toString() {
    return text(Errno.name(data));
  }

  private String text(Optional<String> errno) {
    if (kind == Kind.ERRNO) {
      return errno.orElse("errno " + data);
    }
    return kind.hasData() ? kind + " " + data : kind.toString();
  }
}
