package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A verb that is followed by another: `policy convert`.
///
/// @param itself what it does without one; null where it then does nothing
/// @param parts each named with the verb before it
public record CommandGroup(
    String name, String summary, @Nullable Command itself, List<Command> parts) implements Command {
  public CommandGroup {
    parts = List.copyOf(parts);
  }

  @Override
  public String usage() {
    String ofParts = String.join("|", words()) + " ...";
    return itself == null ? ofParts : itself.usage() + " | " + ofParts;
  }

  @Override
  public Grammar grammar() {
    return itself == null ? Grammar.of() : itself.grammar();
  }

  /// The part that a word stands for.
  public Command part(String word) throws UsageException {
    for (Command part : parts) {
      if (part.name().equals(name + " " + word)) {
        return part;
      }
    }
    throw new UsageException(
        "there is no \""
            + name
            + " "
            + word
            + "\""
            + NearestOption.hint(word, name + " ", words()));
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    if (itself == null) {
      throw new UsageException("say what to do: " + name + " " + String.join(" or ", words()));
    }
    return itself.run(arguments, terminal);
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    for (Command part : parts) {
      words.add(part.name().substring(name.length() + 1));
    }
    return words;
  }
}
