package dev.portcullis.seccomp.libseccomp;

/// libseccomp, or the C library beside it, refused a call.
public final class LibseccompException extends Exception {
  private static final long serialVersionUID = 1;

  private static final int ENOMEM = 12;

  private final boolean ofTheMachine;

  public LibseccompException(String message) {
    this(message, false);
  }

  private LibseccompException(String message, boolean ofTheMachine) {
    super(message);
    this.ofTheMachine = ofTheMachine;
  }

  /// For a failure that says nothing of what libseccomp was asked for.
  static LibseccompException ofTheMachine(String message) {
    return new LibseccompException(message, true);
  }

  /// Whether the machine failed, so that the same may succeed at another time.
  public boolean isOfTheMachine() {
    return ofTheMachine;
  }

  /// For an answer that says what went wrong.
  ///
  /// @param answer negative, as the kernel's own functions answer
  static LibseccompException of(String function, int answer) {
    return new LibseccompException(
        function + " failed: errno " + -answer + name(-answer), -answer == ENOMEM);
  }

  // What seccomp_rule_add(3) and its siblings answer; errno-base.h.
  private static String name(int errno) {
    return switch (errno) {
      case 1 -> " (EPERM: the rule's action is the default)";
      case 12 -> " (ENOMEM)";
      case 14 -> " (EFAULT: libseccomp has an internal error)";
      case 17 -> " (EEXIST: the rule exists already)";
      case 22 -> " (EINVAL: libseccomp does not accept the value)";
      case 33 -> " (EDOM: not possible on every architecture)";
      case 95 -> " (EOPNOTSUPP: this kernel does not support it)";
      case 125 -> " (ECANCELED: the kernel or the C library refused)";
      default -> "";
    };
  }
}
