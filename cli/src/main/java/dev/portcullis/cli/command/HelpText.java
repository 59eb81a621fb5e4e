package dev.portcullis.cli.command;

import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;

/// Help, on the terminal.
public final class HelpText {
  private static final int MARGIN = 2;
  private static final int WIDEST_TERM = 26;

  private HelpText() {}

  /// The verbs.
  public static void ofAll(Terminal terminal) {
    var out = terminal.out();
    out.println("Seccomp profiles by name for Kubernetes pods");
    out.println();
    heading(terminal, "Usage");
    out.println("  " + terminal.program() + " VERB ...");
    out.println();
    heading(terminal, "Verbs");
    int column = 0;
    for (Command command : Verbs.all()) {
      column = Math.max(column, command.name().length());
    }
    for (Command command : Verbs.all()) {
      entry(terminal, command.name(), command.summary(), column);
    }
    out.println();
    out.println("`" + terminal.program() + " help VERB` shows the options of a verb.");
    out.println("Exit codes: 0 fine; 1 refused, or findings; 2 usage;");
    out.println("3 I/O, cluster or runtime failure; 4 a container ended non-zero; 70 a bug.");
  }

  /// The options of a verb.
  public static void of(Command command, Terminal terminal) {
    var out = terminal.out();
    String call = terminal.program() + " " + command.name();
    out.println(call + ": " + command.summary());
    out.println();
    heading(terminal, "Usage");
    out.println("  " + call + " " + command.usage());
    if (command instanceof CommandGroup group) {
      out.println();
      heading(terminal, "Verbs");
      int widest = 0;
      for (Command part : group.parts()) {
        widest = Math.max(widest, part.name().length());
      }
      for (Command part : group.parts()) {
        entry(terminal, part.name(), part.summary(), widest);
      }
    }
    out.println();
    heading(terminal, "Options");
    int column = 0;
    for (Option option : command.grammar().options()) {
      column = Math.max(column, term(option).length());
    }
    for (Option option : command.grammar().options()) {
      entry(terminal, term(option), meaning(option), Math.min(column, WIDEST_TERM));
    }
  }

  private static void heading(Terminal terminal, String text) {
    terminal.out().println(terminal.colour().paint(Paint.HEADING, text));
  }

  private static String meaning(Option option) {
    return option.help() + (option.usual() == null ? "" : " (default: " + option.usual() + ")");
  }

  private static String term(Option option) {
    String names = option.letter() == 0 ? "" : "-" + option.letter() + ", ";
    return names
        + "--"
        + option.name()
        + (option.argument() == null ? "" : " " + option.argument());
  }

  /// A term and its explanation, broken between words where the terminal ends. A term that is wider
  /// than its column has a line of its own.
  private static void entry(Terminal terminal, String term, String text, int column) {
    var line = new StringBuilder(" ".repeat(MARGIN)).append(term);
    int indent = MARGIN + column + MARGIN;
    if (term.length() > column) {
      terminal.out().println(line);
      line.setLength(0);
    }
    line.append(" ".repeat(indent - line.length()));
    line.append(
        String.join("\n" + " ".repeat(indent), Wrap.words(text, terminal.width() - indent)));
    terminal.out().println(line);
  }
}
