package dev.portcullis.cli.options;

/// An option that a verb does not have.
public final class UnknownOptionException extends UsageException {
  private static final long serialVersionUID = 1;

  private final String option;
  private final String hint;

  /// @param option as it was written, without its value
  /// @param hint `; did you mean X?`, or nothing
  UnknownOptionException(String option, String hint) {
    super("there is no option " + option + hint);
    this.option = option;
    this.hint = hint;
  }

  public String option() {
    return option;
  }

  public String hint() {
    return hint;
  }
}
