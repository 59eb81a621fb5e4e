package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import java.util.List;
import java.util.Map;

/// `portcullis help`
final class HelpCommand {
  static final Verb VERB =
      new Verb(
          "help",
          new Help(
              "show this help, or the help of a verb",
              List.of("[VERB]"),
              "Without VERB it lists the verbs. The same is shown by --help after a verb, and as "
                  + "manual pages by man portcullis.",
              List.of(
                  new Help.Example("help", "the verbs"),
                  new Help.Example("help policy who-can", "the options of a verb"),
                  new Help.Example("check --help", "the same, of check")),
              Map.of(ExitCode.OK, "shown"),
              "getting-started.md"),
          Grammar.of().taking(Operands.of(Values.TEXT, Values.TEXT)),
          HelpCommand::run);

  private HelpCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal) throws UsageException {
    List<String> words = arguments.operands();
    if (words.isEmpty()) {
      HelpText.ofAll(terminal);
      return ExitCode.OK;
    }
    HelpText.of(Verbs.of(words), terminal);
    return ExitCode.OK;
  }
}
