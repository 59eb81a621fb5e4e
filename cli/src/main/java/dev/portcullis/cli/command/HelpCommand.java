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
              "",
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
    Verb verb = Verbs.named(words.getFirst());
    if (words.size() > 2 || (words.size() == 2 && verb.parts().isEmpty())) {
      throw new UsageException("help takes one verb");
    }
    HelpText.of(words.size() == 2 ? verb.part(words.getLast()) : verb, terminal);
    return ExitCode.OK;
  }
}
