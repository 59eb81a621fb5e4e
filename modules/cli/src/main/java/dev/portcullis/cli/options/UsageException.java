package dev.portcullis.cli.options;

/// The command line cannot be understood. The message says what is wrong and what to do instead.
public class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message, null, false, false);
  }
}
