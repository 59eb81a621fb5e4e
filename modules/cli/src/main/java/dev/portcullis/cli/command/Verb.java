package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.UnknownOptionException;
import dev.portcullis.cli.options.UnknownWord;
import dev.portcullis.cli.options.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A verb of the command line, and those that may follow it.
///
/// @param name with the verb before it: `policy convert`
/// @param grammar the options that it takes
/// @param parts that may follow it; none of most
public record Verb(String name, Help help, Grammar grammar, VerbAction action, List<Verb> parts) {
  /// Of a line that names the parts of a verb.
  private static final int USAGE_WIDTH = 68;

  public Verb {
    parts = List.copyOf(parts);
  }

  /// A verb that stands alone.
  public Verb(String name, Help help, Grammar grammar, VerbAction action) {
    this(name, help, grammar, action, List.of());
  }

  /// A verb that does nothing without one of its parts: alone, it shows its help. That is not what
  /// was asked for, and a script whose variable is empty does not go on as if it were.
  ///
  /// @param page of docs/
  static Verb group(
      String name, String summary, String description, String page, List<Verb> parts) {
    return new Verb(
            name,
            new Help(summary, List.of(), description, List.of(), Map.of(), page),
            Grammar.of(),
            (arguments, terminal) -> {
              arguments.requireNoOperands();
              HelpText.of(Verbs.named(name), terminal.toError());
              return ExitCode.USAGE;
            })
        .with(parts);
  }

  /// Its examples; of a verb that has none, one of each of its parts.
  List<Help.Example> examples() {
    List<Help.Example> examples = new ArrayList<>(help.examples());
    if (examples.isEmpty()) {
      int each = parts.size() == 1 ? parts.getFirst().help().examples().size() : 1;
      parts.forEach(part -> examples.addAll(part.help().examples().subList(0, each)));
    }
    return examples;
  }

  /// The same verb, which others may follow.
  Verb with(List<Verb> followers) {
    List<String> usage = new ArrayList<>(help.usage());
    StringBuilder line = new StringBuilder();
    for (String word : words(name, followers)) {
      if (!line.isEmpty() && line.length() + word.length() > USAGE_WIDTH) {
        usage.add(line + " ...");
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : "|").append(word);
    }
    usage.add(line + " ...");
    Help whole =
        new Help(
            help.summary(), usage, help.description(), help.examples(), help.exits(), help.page());
    return new Verb(name, whole, grammar, action, followers);
  }

  /// The part that a word stands for.
  public Verb part(String word) throws UsageException {
    for (Verb part : parts) {
      if (part.name().equals(name + " " + word)) {
        return part;
      }
    }
    throw new UsageException(
        "there is no verb \""
            + name
            + " "
            + word
            + "\"; use "
            + UnknownWord.choice(words(name, parts))
            + NearestOption.hint(word, name + " ", words(name, parts)));
  }

  /// What stands after the verb.
  public Arguments parse(List<String> args) throws UsageException {
    try {
      return grammar.parse(args);
    } catch (UnknownOptionException unknown) {
      throw new UsageException(name + " has no option " + unknown.option() + unknown.hint());
    }
  }

  private static List<String> words(String name, List<Verb> parts) {
    return parts.stream().map(part -> part.name().substring(name.length() + 1)).toList();
  }
}
