package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Verdict;

/// Whether something can be done.
enum Possibility {
  NO,
  /// A listener or a tracer decides, or it is not known here.
  UNKNOWN,
  YES;

  /// Whether a call is made that a filter gives this answer.
  static Possibility of(Verdict verdict) {
    return switch (verdict.kind()) {
      case LOG, ALLOW -> YES;
      case USER_NOTIF, TRACE -> UNKNOWN;
      case KILL_PROCESS, KILL_THREAD, TRAP, ERRNO -> NO;
    };
  }
}
