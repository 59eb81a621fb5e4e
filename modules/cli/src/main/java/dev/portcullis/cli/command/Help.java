package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the help on a verb contains, beside its options.
///
/// @param summary what it does, in half a line
/// @param usage what follows the verb, a way each: `FILE... [options]`
/// @param description what it does, in a few sentences
/// @param examples that work in a checkout
/// @param exits what its exit codes mean, as far as they mean something of their own. It ends with
///   these, and with those that every verb has
/// @param page of docs/
public record Help(
    String summary,
    List<String> usage,
    String description,
    List<Example> examples,
    Map<ExitCode, String> exits,
    String page) {
  public Help {
    usage = List.copyOf(usage);
    examples = List.copyOf(examples);
    exits = Map.copyOf(exits);
  }

  /// What each exit code means that a verb ends with, in the order of their numbers.
  Map<ExitCode, String> meanings() {
    Map<ExitCode, String> meanings = new EnumMap<>(ExitCode.class);
    for (ExitCode code : ExitCode.values()) {
      String own = exits.get(code);
      if (own != null) {
        meanings.put(code, own);
      } else if (code.isOfEveryVerb()) {
        meanings.put(code, code.meaning());
      }
    }
    return meanings;
  }

  /// A command line.
  ///
  /// @param call what follows the program's name, with single spaces
  /// @param meaning what it does, in half a line
  public record Example(String call, String meaning) {}
}
