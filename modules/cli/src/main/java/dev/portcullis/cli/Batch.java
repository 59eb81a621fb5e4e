package dev.portcullis.cli;

import dev.portcullis.cli.exit.ExitCode;
import java.util.List;

/// Several commands in one process. A start-up cache is made by one process (JEP 514), and that of
/// `check` is to have what `check` loads with every option, which no one command does.
final class Batch {
  private Batch() {}

  /// Ends with the first command that fails; that a pod or a profile is refused is not a failure.
  ///
  /// @param commands each with its arguments apart by blanks
  static void main(String[] commands) {
    for (String command : commands) {
      int code = Main.run(List.of(command.split(" ")));
      if (code != ExitCode.OK.number() && code != ExitCode.REFUSED.number()) {
        Runtime.getRuntime().halt(code);
      }
    }
    Runtime.getRuntime().halt(ExitCode.OK.number());
  }
}
