package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.documents.Position;

/// Something that is wrong with what was given.
///
/// @param file where; empty where it is about no file
/// @param at the line and column; {@link Position#NONE} where it is about the whole file, or none
/// @param message object, what is wrong and what to do
/// @param code how the process ends because of it
public record Diagnostic(String file, Position at, String message, ExitCode code) {

  /// About no file.
  public Diagnostic(String text, ExitCode code) {
    this("", Position.NONE, text, code);
  }

  /// The place and the message, on one line.
  public String text() {
    return file.isEmpty() ? message : place(file, at) + ": " + message;
  }

  /// The operand for standard input.
  public static final String STANDARD_INPUT = "-";

  /// A place in a file, as compilers write it. Standard input is called so.
  public static String place(String file, Position at) {
    String name = file.equals(STANDARD_INPUT) ? "standard input" : file;
    return at.line() == 0 ? name : name + ":" + at.line();
  }

  /// What stands in a file is wrong.
  public static Diagnostic malformed(String file, Position at, String message) {
    return new Diagnostic(file, at, message, ExitCode.REFUSED);
  }

  static Diagnostic unreadable(String file, String why) {
    return new Diagnostic(file, Position.NONE, why, ExitCode.WORLD);
  }
}
