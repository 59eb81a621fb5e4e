package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;

/// A verb of the command line.
public interface Command {
  String name();

  /// What it does, in half a line.
  String summary();

  /// What follows the verb: `FILE... [options]`.
  String usage();

  Grammar grammar();

  /// Does it. What is wrong with a pod or a policy is an exit code and words on the terminal; a
  /// failure of the world is an IOException whose message names the file, socket or object.
  ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException;
}
