package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.documents.Position;

/// Something that is wrong with what was given.
///
/// @param text file, line, object, what is wrong and what to do
/// @param code how the process ends because of it
public record Diagnostic(String text, ExitCode code) {

  /// The operand for standard input.
  public static final String STANDARD_INPUT = "-";

  /// A place in a file, as compilers write it. Standard input is called so.
  public static String place(String file, Position at) {
    String name = file.equals(STANDARD_INPUT) ? "standard input" : file;
    return at.line() == 0 ? name : name + ":" + at.line();
  }

  static Diagnostic malformed(String file, Position at, String message) {
    return new Diagnostic(place(file, at) + ": " + message, ExitCode.REFUSED);
  }

  static Diagnostic unreadable(String file, String why) {
    return new Diagnostic(file + ": " + why, ExitCode.WORLD);
  }
}
