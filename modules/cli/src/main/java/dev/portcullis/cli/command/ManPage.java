package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.print.Roff;
import dev.portcullis.cli.result.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A page of the manual, of the table that the help is printed from, too. Its sections are those of
/// man-pages(7).
///
/// @param name without the section: `portcullis-policy-grant`
/// @param text as man(7) takes it
record ManPage(String name, String text) {
  private static final String PROGRAM = "portcullis";

  /// The Debian package's.
  private static final Map<String, String> FILES =
      Map.of(
          "/etc/default/portcullis-node", "options of the service portcullis-node",
          "/run/portcullis", "the socket for the kubelet, and what the runtime reads",
          "/usr/share/doc/portcullis", "the documentation; node.md is about the service",
          "/var/lib/kubelet/seccomp", "the profile root");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "COLUMNS", "how wide lines may be (default: as the terminal, or else of any length)",
          "KUBECONFIG", "the files by which the API server is reached, as kubectl has them",
          "NO_COLOR", "with a value: no colours, unless --color says otherwise",
          "PORTCULLIS_DEBUG", "with a value: an unexpected failure shows where it came from");

  /// The page of the program, and one of each verb.
  static List<ManPage> all() {
    List<ManPage> pages = new ArrayList<>(List.of(ofAll()));
    for (Verb verb : Verbs.all()) {
      pages.add(of(verb));
      verb.parts().forEach(part -> pages.add(of(part)));
    }
    return pages;
  }

  /// The page of the program.
  static ManPage ofAll() {
    Roff roff = begin(PROGRAM, HelpText.SUMMARY);
    roff.section("SYNOPSIS").line(Roff.bold(PROGRAM) + " " + Roff.italic("VERB") + " ...");
    roff.section("DESCRIPTION").text(HelpText.DESCRIPTION);
    roff.text("Each verb has a page of its own, and --help.");
    roff.section("VERBS");
    for (Verb verb : Verbs.all()) {
      (verb.parts().isEmpty() ? List.of(verb) : verb.parts())
          .forEach(each -> roff.term(page(each), each.help().summary()));
    }
    roff.section("EXIT STATUS");
    for (ExitCode code : ExitCode.values()) {
      roff.term(Roff.bold(String.valueOf(code.number())), code.meaning());
    }
    roff.section("ENVIRONMENT");
    terms(roff, VARIABLES);
    roff.section("FILES");
    terms(roff, FILES);
    roff.section("SEE ALSO").line(Roff.bold("kubectl") + "(1), " + Roff.bold("seccomp") + "(2)");
    return new ManPage(PROGRAM, roff.toString());
  }

  /// The page of a verb.
  static ManPage of(Verb verb) {
    Help help = verb.help();
    String name = name(verb);
    Roff roff = begin(name, help.summary());
    roff.section("SYNOPSIS");
    help.usage()
        .forEach(usage ->
            // A line may end after a bar.
            roff.paragraph(
                Roff.bold(PROGRAM + " " + verb.name())
                    + " "
                    + Roff.plain(usage).replace("|", "|\\:")));
    roff.section("DESCRIPTION").text(help.description());
    if (!verb.parts().isEmpty()) {
      roff.section("VERBS");
      verb.parts().forEach(part -> roff.term(page(part), part.help().summary()));
    }
    roff.section("OPTIONS");
    for (Option option : verb.grammar().options()) {
      roff.term(term(option), option.meaning());
    }
    roff.section("EXAMPLES");
    for (Help.Example example : verb.examples()) {
      roff.example(example.meaning() + ":", PROGRAM + " " + example.call());
    }
    roff.section("EXIT STATUS");
    help.meanings()
        .forEach((code, meaning) -> roff.term(Roff.bold(String.valueOf(code.number())), meaning));
    roff.section("SEE ALSO").line(Roff.bold(PROGRAM) + "(1)");
    roff.text("/usr/share/doc/portcullis/" + help.page());
    return new ManPage(name, roff.toString());
  }

  private static Roff begin(String name, String summary) {
    return new Roff(name.toUpperCase(Locale.ROOT), "Portcullis " + Build.VERSION, "Portcullis")
        .section("NAME")
        .line(Roff.plain(name) + " \\- " + Roff.plain(summary));
  }

  private static String name(Verb verb) {
    return PROGRAM + "-" + verb.name().replace(' ', '-');
  }

  /// As pages refer to one another.
  private static String page(Verb verb) {
    return Roff.bold(name(verb)) + "(1)";
  }

  private static String term(Option option) {
    return (option.hasLetter() ? Roff.bold("-" + option.letter()) + ", " : "")
        + Roff.bold(option.text())
        + (option.argument() == null ? "" : " " + Roff.italic(option.argument()));
  }

  private static void terms(Roff roff, Map<String, String> meanings) {
    meanings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> roff.term(Roff.italic(each.getKey()), each.getValue()));
  }
}
