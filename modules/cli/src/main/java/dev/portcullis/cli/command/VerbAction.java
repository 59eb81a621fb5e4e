package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;

/// What a verb does.
@FunctionalInterface
public interface VerbAction {
  /// Does it. What is wrong with a pod or a policy is an exit code and words on the terminal.
  ///
  /// @throws UsageException where the arguments cannot be understood together
  /// @throws IOException where the world fails; the message names the file, socket or object
  ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException;
}
