package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;

/// What a difference means for the first filter.
///
/// The kernel's order of severity is the measure, but for three kinds of answers that it says
/// nothing about. They make neither filter the stricter one.
public enum Direction {
  WEAKER,
  /// One lets a call seem to succeed that was not made: `ERRNO 0`.
  FAKES_SUCCESS,
  /// With one, a listener or a tracer decides.
  ASKS,
  /// A call by which rights are given up is answered otherwise, and goes on with them.
  KEEPS_RIGHTS,
  STRICTER,
  /// As severe, with another errno or message.
  DATA;

  /// Whether it makes neither filter the stricter one.
  public boolean isIncomparable() {
    return switch (this) {
      case FAKES_SUCCESS, ASKS, KEEPS_RIGHTS -> true;
      case WEAKER, STRICTER, DATA -> false;
    };
  }

  /// Only for calls that drop no rights.
  static Direction of(Verdict mine, Verdict theirs) {
    if (mine.fakesSuccess() || theirs.fakesSuccess()) {
      return FAKES_SUCCESS;
    }
    if (mine.kind().asks() || theirs.kind().asks()) {
      return ASKS;
    }
    if (mine.isStricterThan(theirs)) {
      return STRICTER;
    }
    return theirs.isStricterThan(mine) ? WEAKER : DATA;
  }

  /// Of different answers to a call by which a runtime or a program gives rights up.
  ///
  /// A thread that is killed goes on with nothing, as long as all of the process is killed: of a
  /// thread alone the others would keep what it was to give up for all. A handler of SIGSYS goes
  /// on, too.
  static Direction ofRights(Verdict mine, Verdict theirs) {
    Direction usual = of(mine, theirs);
    return switch (usual) {
      case STRICTER, DATA ->
          mine.kind() == Kind.KILL_PROCESS || mine.kind().passes() ? usual : KEEPS_RIGHTS;
      case WEAKER, FAKES_SUCCESS, ASKS, KEEPS_RIGHTS -> usual;
    };
  }
}
