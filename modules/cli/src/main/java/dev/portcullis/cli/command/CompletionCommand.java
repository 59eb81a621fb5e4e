package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.UnknownWord;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// `portcullis completion`
final class CompletionCommand {
  private static final List<String> SHELLS =
      Arrays.stream(CompletionScript.values()).map(CompletionScript::shell).toList();

  static final Verb VERB =
      new Verb(
          "completion",
          new Help(
              "print the script by which a shell completes command lines",
              List.of(String.join("|", SHELLS)),
              "Completes verbs, options, their values, and the names of files and of built-in "
                  + "defaults. To switch it on in this shell: source <(portcullis completion bash), "
                  + "the same with zsh, or portcullis completion fish | source. The Debian package "
                  + "has the scripts where the shells find them.",
              List.of(
                  new Help.Example("completion bash", "for bash 4 and newer"),
                  new Help.Example("completion zsh", "for zsh"),
                  new Help.Example("completion fish", "for fish")),
              Map.of(ExitCode.OK, "printed"),
              "command-line.md"),
          Grammar.of().taking(Operands.of(Values.oneOf(SHELLS))),
          CompletionCommand::run);

  private CompletionCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands(
        1, "completion needs the name of a shell: " + UnknownWord.choice(SHELLS));
    String shell = arguments.operands().getFirst();
    for (CompletionScript script : CompletionScript.values()) {
      if (script.shell().equals(shell)) {
        terminal.out().print(script.text());
        return ExitCode.OK;
      }
    }
    throw UnknownWord.of("completion", shell, SHELLS);
  }
}
