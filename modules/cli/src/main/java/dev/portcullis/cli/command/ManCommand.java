package dev.portcullis.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `portcullis man`
final class ManCommand {
  private static final Option DIRECTORY =
      Option.value(
          "directory",
          "DIR",
          "write the pages of all verbs here (default: one, to standard output)");

  static final Verb VERB =
      new Verb(
          "man",
          new Help(
              "print the manual page of a verb",
              List.of("[VERB]", "--directory DIR"),
              "Prints the source of a page for man(1), which man -l - shows. Without VERB it is "
                  + "the page of portcullis. The Debian package has all pages.",
              List.of(
                  new Help.Example("man", "the page with the verbs"),
                  new Help.Example("man policy grant", "the page of a verb"),
                  new Help.Example(
                      "man --directory /usr/local/share/man/man1", "install all pages; as root")),
              Map.of(ExitCode.OK, "printed, or written"),
              "command-line.md"),
          Grammar.of(DIRECTORY).taking(Operands.of(Values.TEXT, Values.TEXT)),
          ManCommand::run);

  private ManCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    List<String> words = arguments.operands();
    Path directory = arguments.path(DIRECTORY);
    if (directory == null) {
      terminal
          .out()
          .print(words.isEmpty() ? ManPage.ofAll().text() : ManPage.of(Verbs.of(words)).text());
      return ExitCode.OK;
    }
    if (!words.isEmpty()) {
      throw new UsageException(DIRECTORY.text() + " writes the pages of all verbs; leave VERB out");
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + ": there is no such directory; make it first");
    }
    for (ManPage page : ManPage.all()) {
      Files.writeString(directory.resolve(page.name() + ".1"), page.text(), UTF_8);
    }
    return ExitCode.OK;
  }
}
