package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;

/// A verb that is promised and not there yet: refused by name, so that a script that uses it learns
/// that it did nothing.
record PlannedCommand(String name, String planned) implements Command {
  @Override
  public String summary() {
    return planned + " (not available in this version)";
  }

  @Override
  public String usage() {
    return "...";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of();
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    throw new UsageException(name + " is not available in this version");
  }
}
