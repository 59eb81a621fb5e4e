package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;

/// `portcullis help`
final class HelpCommand implements Command {
  @Override
  public String name() {
    return "help";
  }

  @Override
  public String summary() {
    return "show this, or the help of a verb";
  }

  @Override
  public String usage() {
    return "[VERB]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of();
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    switch (arguments.operands().size()) {
      case 0 -> HelpText.ofAll(terminal);
      case 1 -> HelpText.of(Verbs.named(arguments.operands().getFirst()), terminal);
      case 2 -> {
        Command verb = Verbs.named(arguments.operands().getFirst());
        if (!(verb instanceof CommandGroup group)) {
          throw new UsageException("help takes one verb");
        }
        HelpText.of(group.part(arguments.operands().getLast()), terminal);
      }
      default -> throw new UsageException("help takes one verb");
    }
    return ExitCode.OK;
  }
}
