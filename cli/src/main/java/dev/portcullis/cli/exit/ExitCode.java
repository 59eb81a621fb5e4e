package dev.portcullis.cli.exit;

/// How the command ends; scripts read the number.
public enum ExitCode {
  /// Everything is as asked: admitted, ran and ended with zero, printed.
  OK(0),

  /// A pod was refused, or something was found that is worth looking at.
  REFUSED(1),

  /// The command line cannot be understood; nothing was done.
  USAGE(2),

  /// The world failed: a file, a socket, the runtime.
  WORLD(3),

  /// A container ended with another code than zero.
  CONTAINER(4),

  /// A bug in Portcullis.
  BUG(70);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
