package dev.portcullis.cli.exit;

/// How the command ends; scripts read the number.
public enum ExitCode {
  /// Everything is as asked: admitted, ran and ended with zero, printed.
  OK(0, "success"),

  /// A pod was refused, or something was found that is worth looking at.
  REFUSED(1, "refused, or findings"),

  /// The command line cannot be understood; nothing was done.
  USAGE(2, "usage error"),

  /// The world failed: a file, a socket, the runtime.
  WORLD(3, "file, cluster or runtime failure"),

  /// A container ended with another code than zero.
  CONTAINER(4, "a container failed"),

  /// A bug in Portcullis.
  BUG(70, "a bug");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /// Whether every verb can end with it.
  public boolean isOfEveryVerb() {
    return switch (this) {
      case USAGE, WORLD, BUG -> true;
      case OK, REFUSED, CONTAINER -> false;
    };
  }

  public int number() {
    return number;
  }

  /// For the help.
  public String meaning() {
    return meaning;
  }
}
