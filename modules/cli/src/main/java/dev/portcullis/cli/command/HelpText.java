package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Help, on the terminal.
public final class HelpText {
  /// What Portcullis is, in half a line.
  static final String SUMMARY = "seccomp profiles by name for Kubernetes pods";

  /// And in a few sentences.
  static final String DESCRIPTION =
      "Decides which seccomp profiles pods may name, gives them to their containers, proves in the"
          + " kernel that the filter is there, and shows which of two profiles is stricter. Most"
          + " verbs need only files: no cluster, no runtime, no root.";

  private static final int MARGIN = 2;
  private static final int DEEPER = 6;
  private static final int WIDEST_TERM = 26;
  private static final String NO_BREAK = "\u00a0";

  private final Terminal terminal;

  private HelpText(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The verbs.
  public static void ofAll(Terminal terminal) {
    new HelpText(terminal).printAll();
  }

  /// What a verb does, and with which options.
  public static void of(Verb verb, Terminal terminal) {
    new HelpText(terminal).print(verb);
  }

  private void printAll() {
    line(0, "portcullis: " + SUMMARY);
    terminal.out().println();
    line(0, DESCRIPTION);
    heading("Usage");
    line(MARGIN, terminal.program() + " VERB ...");
    heading("Verbs");
    verbs(Verbs.all());
    terminal.out().println();
    line(0, "`" + terminal.program() + " help VERB` shows the options of a verb.");
    line(
        0,
        "Exit codes: "
            + Arrays.stream(ExitCode.values())
                .map(code -> code.number() + " " + code.meaning())
                .collect(Collectors.joining("; "))
            + ".");
  }

  private void print(Verb verb) {
    Help help = verb.help();
    String call = terminal.program() + " " + verb.name();
    line(0, call + ": " + help.summary());
    heading("Usage");
    help.usage().forEach(usage -> usage(call + " " + usage));
    if (!help.description().isEmpty()) {
      terminal.out().println();
      line(0, help.description());
    }
    if (!verb.parts().isEmpty()) {
      heading("Verbs");
      verbs(verb.parts());
    }
    heading("Options");
    int column = 0;
    for (Option option : verb.grammar().options()) {
      column = Math.max(column, option.term().length());
    }
    for (Option option : verb.grammar().options()) {
      entry(
          option.term(),
          option.meaning(),
          Math.min(column, Math.min(WIDEST_TERM, terminal.width() / 3)));
    }
    heading("Examples");
    for (Help.Example example : verb.examples()) {
      line(MARGIN, "# " + example.meaning());
      call(terminal.program() + " " + example.call());
    }
    heading("Exit codes");
    help.meanings().forEach((code, meaning) -> entry(String.valueOf(code.number()), meaning, 2));
    heading("Documentation");
    line(MARGIN, "docs/" + help.page());
    line(MARGIN, "/usr/share/doc/portcullis/" + help.page() + " (Debian package)");
  }

  private void heading(String text) {
    terminal.out().println();
    terminal.out().println(terminal.colour().paint(Paint.HEADING, text));
  }

  private void verbs(List<Verb> verbs) {
    int column = 0;
    for (Verb verb : verbs) {
      column = Math.max(column, verb.name().length());
    }
    for (Verb verb : verbs) {
      entry(verb.name(), verb.help().summary(), column);
    }
  }

  /// Text, broken between words where the terminal ends.
  private void line(int indent, String text) {
    String start = " ".repeat(indent);
    for (String line : Wrap.words(text, terminal.width() - indent)) {
      terminal.out().println(start + line);
    }
  }

  private void usage(String text) {
    // No line ends within brackets.
    var bound = new StringBuilder(text);
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '[' -> depth++;
        case ']' -> depth--;
        case ' ' -> bound.setCharAt(i, depth > 0 ? NO_BREAK.charAt(0) : ' ');
        default -> {}
      }
    }
    String lines =
        String.join(
            "\n" + " ".repeat(DEEPER), Wrap.words(bound.toString(), terminal.width() - DEEPER));
    terminal.out().println(" ".repeat(MARGIN) + lines.replace(NO_BREAK, " "));
  }

  /// A command line, as a shell takes it when it is broken.
  private void call(String text) {
    terminal.out().println(" ".repeat(MARGIN) + Wrap.command(text, terminal.width(), DEEPER));
  }

  /// A term and its explanation. A term that is wider than its column has a line of its own.
  private void entry(String term, String text, int column) {
    var line = new StringBuilder(" ".repeat(MARGIN)).append(term);
    int indent = MARGIN + column + MARGIN;
    if (term.length() > column) {
      Wrap.within(term, terminal.width() - MARGIN)
          .forEach(part -> terminal.out().println(" ".repeat(MARGIN) + part));
      line.setLength(0);
    }
    line.append(" ".repeat(indent - line.length()));
    line.append(
        String.join("\n" + " ".repeat(indent), Wrap.words(text, terminal.width() - indent)));
    terminal.out().println(line);
  }
}
