package dev.portcullis.cli.command;

import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.Values;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What may stand next on a command line. Shells ask for it when somebody presses the tab key.
///
/// It is printed as kubectl expects it of a plugin
/// (staging/src/k8s.io/kubectl/pkg/cmd/plugin/plugin_completion.go), which is the form of Cobra
/// (site/content/completions/_index.md there): a candidate a line, after a tab its meaning, and a
/// last line with a colon and the sum of what the shell is to do. Cobra completes files only where
/// there is no candidate; the scripts of {@link CompletionScript} offer them beside others.
public final class Completion {
  /// The first argument by which it is asked for, as of programs with Cobra.
  public static final String WORD = "__complete";

  /// Of Cobra's `ShellCompDirective`: no blank after the candidate.
  private static final int NO_SPACE = 2;

  /// The same: no files.
  private static final int NO_FILES = 4;

  /// The same: directories.
  private static final int DIRECTORIES = 16;

  private final String word;
  private final List<String> lines = new ArrayList<>();
  private String only = "";
  private int directive = NO_FILES;

  private Completion(String word) {
    this.word = word;
  }

  /// What may stand in the place of the last word.
  ///
  /// @param words after the name of the program; the last is empty where none is begun
  public static Completion of(List<String> words) {
    Completion completion = new Completion(words.isEmpty() ? "" : words.getLast());
    completion.find(words.isEmpty() ? List.of() : words.subList(0, words.size() - 1));
    return completion;
  }

  public void print(PrintStream out) {
    lines.forEach(out::println);
    boolean unfinished =
        lines.size() == 1 && (only.endsWith(":") || only.endsWith("/") || only.endsWith("="));
    out.println(":" + (directive | (unfinished ? NO_SPACE : 0)));
  }

  private void find(List<String> before) {
    if (before.isEmpty()) {
      verbs(Verbs.all());
      if (word.startsWith("-")) {
        options(
            List.of(Grammar.HELP, Option.flag("version", VersionCommand.VERB.help().summary())));
      }
      return;
    }
    Verb verb = named(Verbs.all(), before.getFirst());
    if (verb == null) {
      return;
    }
    List<String> rest = before.subList(1, before.size());
    if (rest.isEmpty()) {
      verbs(verb.parts());
    } else {
      Verb part = named(verb.parts(), verb.name() + " " + rest.getFirst());
      if (part != null) {
        verb = part;
        rest = rest.subList(1, rest.size());
      }
    }
    after(verb, rest);
  }

  /// Whether its operands are the words of a verb.
  private static boolean takesVerb(Verb verb) {
    return verb.equals(HelpCommand.VERB) || verb.equals(ManCommand.VERB);
  }

  private void verbAfter(List<String> words) {
    if (words.isEmpty()) {
      verbs(Verbs.all());
    } else if (words.size() == 1) {
      Verb verb = named(Verbs.all(), words.getFirst());
      verbs(verb == null ? List.of() : verb.parts());
    }
  }

  private static @Nullable Verb named(List<Verb> verbs, String name) {
    for (Verb verb : verbs) {
      if (verb.name().equals(name)) {
        return verb;
      }
    }
    return null;
  }

  private void verbs(List<Verb> verbs) {
    for (Verb verb : verbs) {
      add(verb.name().substring(verb.name().lastIndexOf(' ') + 1), verb.help().summary());
    }
  }

  /// An option, the value of one, or an operand.
  private void after(Verb verb, List<String> before) {
    Grammar grammar = verb.grammar();
    Option waiting = null;
    boolean ended = false;
    List<String> operands = new ArrayList<>();
    Set<String> given = new HashSet<>();
    for (String each : before) {
      if (waiting != null) {
        waiting = null;
      } else if (ended || !each.startsWith("-") || each.equals("-")) {
        operands.add(each);
      } else if (each.equals("--")) {
        ended = true;
      } else {
        Option option = option(grammar, each);
        if (option != null) {
          given.add(option.name());
          waiting = option.argument() == null || hasValue(each) ? null : option;
        }
      }
    }
    int equals = word.indexOf('=');
    if (waiting != null) {
      values("", waiting.values());
    } else if (!ended && word.startsWith("--") && equals > 0) {
      Option option = option(grammar, word);
      if (option != null && option.argument() != null) {
        values(word.substring(0, equals + 1), option.values());
      }
    } else if (!ended && word.startsWith("-")) {
      options(
          grammar.options().stream()
              .filter(option -> option.repeatable() || !given.contains(option.name()))
              .toList());
    } else if (takesVerb(verb)) {
      verbAfter(operands);
    } else {
      Values values = grammar.operands().at(operands.size());
      if (values != null) {
        values("", values);
      }
    }
  }

  /// `--output`, `--output=json`, `-o` or `-ojson`.
  private static @Nullable Option option(Grammar grammar, String text) {
    int equals = text.indexOf('=');
    String word = equals < 0 ? text : text.substring(0, equals);
    for (Option option : grammar.options()) {
      if (word.startsWith("--") ? word.equals(option.text()) : word.charAt(1) == option.letter()) {
        return option;
      }
    }
    return null;
  }

  private static boolean hasValue(String text) {
    return text.startsWith("--") ? text.indexOf('=') > 0 : text.length() > 2;
  }

  private void options(List<Option> options) {
    for (Option option : options) {
      if (word.equals("-") && option.hasLetter()) {
        add("-" + option.letter(), option.help());
      }
      add(option.text(), option.help());
    }
  }

  /// @param start of the word that is not part of the value
  private void values(String start, Values values) {
    String begun = word.substring(start.length());
    String others = start;
    Set<String> used = Set.of();
    if (values.list() && begun.contains(",")) {
      String earlier = begun.substring(0, begun.lastIndexOf(',') + 1);
      others += earlier;
      used = Set.of(earlier.split(",", -1));
    }
    for (String each : values.words().get()) {
      if (!used.contains(each)) {
        add(others + each, "");
      }
    }
    directive =
        switch (values.others()) {
          case NONE, TEXT -> NO_FILES;
          case FILES -> 0;
          case DIRECTORIES -> DIRECTORIES;
        };
  }

  private void add(String candidate, String meaning) {
    if (candidate.startsWith(word)) {
      only = candidate;
      lines.add(meaning.isEmpty() ? candidate : candidate + "\t" + meaning);
    }
  }
}
