package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What may stand next on a command line, as shells and kubectl ask for it.
class CompletionTest {
  private static final int NO_SPACE = 2;
  private static final int NO_FILES = 4;
  private static final int DIRECTORIES = 16;

  /// Of the words of a command line; the last is empty where none is begun.
  private static Run after(String... words) {
    List<String> args = new ArrayList<>(List.of("__complete"));
    args.addAll(List.of(words));
    Run run = Run.of(args.toArray(String[]::new));
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    return run;
  }

  private static List<String> candidates(String... words) {
    return after(words)
        .out()
        .lines()
        .filter(line -> !line.startsWith(":"))
        .map(line -> line.replaceFirst("\t.*", ""))
        .toList();
  }

  private static int directive(String... words) {
    List<String> lines = after(words).out().lines().toList();
    assertThat(lines.getLast()).matches(":[0-9]+");
    return Integer.parseInt(lines.getLast().substring(1));
  }

  static Stream<Verb> verbs() {
    return Verbs.all().stream()
        .flatMap(verb -> Stream.concat(Stream.of(verb), verb.parts().stream()));
  }

  private static String[] words(Verb verb, String... more) {
    return Stream.concat(Stream.of(verb.name().split(" ", -1)), Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void everyVerbIsOffered() {
    assertThat(candidates(""))
        .containsExactlyElementsOf(Verbs.all().stream().map(Verb::name).toList());
    assertThat(candidates()).isEqualTo(candidates(""));
    assertThat(after("profile", "va").out()).isEqualTo("validate\tfind mistakes in profiles\n:4\n");
    assertThat(candidates("help", "policy", "")).contains("who-can", "convert");
    assertThat(candidates("help", "check", "")).isEmpty();
    assertThat(candidates("--")).containsExactly("--help", "--version");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyOptionIsOffered(Verb verb) {
    assertThat(candidates(words(verb, "--")))
        .containsExactlyElementsOf(verb.grammar().options().stream().map(Option::text).toList());
    assertThat(candidates(words(verb, "-"))).contains("-h", "--help");
  }

  /// A closed set of values is the one of the help, and files are where the help says so.
  @ParameterizedTest
  @MethodSource("verbs")
  void everyValueIsOffered(Verb verb) {
    for (Option option : verb.grammar().options()) {
      if (option.argument() == null) {
        continue;
      }
      String placeholder = option.argument();
      List<String> offered = candidates(words(verb, option.text(), ""));
      if (placeholder.contains("|")) {
        assertThat(offered).containsExactly(placeholder.split("\\|", -1));
        assertThat(candidates(words(verb, option.text() + "=")))
            .containsExactlyElementsOf(
                offered.stream().map(value -> option.text() + "=" + value).toList());
      }
      int directive = directive(words(verb, option.text(), ""));
      switch (placeholder) {
        case "FILE", "PATH" -> assertThat(directive & NO_FILES).as(option.text()).isZero();
        case "DIR" -> assertThat(directive).as(option.text()).isEqualTo(DIRECTORIES);
        default ->
            assertThat(option.values().others() == Values.Others.FILES)
                .as(option.text())
                .isEqualTo((directive & NO_FILES) == 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          check --fail-on warning,re                       | warning,refused
          check -o sa                                      | sarif
          check --output sa                                | sarif
          check -q -o sa                                   | sarif
          check --kubernetes 1.3                           | 1.30 1.31 1.32 1.33 1.34 1.35 1.36
          profile show --arch x86_64,x3                    | x86_64,x32
          profile show --arch x86_64,x86_                  |
          profile show --capabilities CAP_SYS_A            | CAP_SYS_ADMIN
          profile show containerd/default@1                | containerd/default@1.6 containerd/default@1.7
          profile compare unconfined runt                  | runtime/default
          profile compare a b                              |
          profile list do                                  | docker
          profile derive --from f --deny @mou              | @mounts
          profile derive --from f --deny ptra              | ptrace
          verify --profile uncon                           | unconfined
          policy who-can us                                | use
          policy who-can use unc                           | unconfined
          policy grant web --to us                         | user:
          policy create x --allow loc                      | localhost/
          exposure CVE-2026-31431                          | CVE-2026-31431
          completion z                                     | zsh
          nonsense x                                       |
          """)
  void wordsAreOffered(String line, String expected) {
    String[] words = line.strip().split(" ", -1);
    assertThat(String.join(" ", candidates(words))).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void whatIsGivenOnceIsNotOfferedAgain() {
    assertThat(candidates("check", "--output", "json", "--out")).isEmpty();
    assertThat(candidates("check", "-o", "json", "--out")).isEmpty();
    assertThat(candidates("check", "-ojson", "--out")).isEmpty();
    assertThat(candidates("check", "--policy", "x", "--pol")).containsExactly("--policy");
    // The value of an option is none itself.
    assertThat(candidates("check", "--as", "--output", "--out")).containsExactly("--output");
  }

  @Test
  void behindTwoHyphensNothingIsAnOption() {
    assertThat(candidates("check", "--", "--out")).isEmpty();
    assertThat(directive("check", "--", "--out")).isZero();
  }

  @Test
  void aShellIsToldWhatElseMayStand() {
    assertThat(directive("check", "")).isZero();
    assertThat(directive("version", "")).isEqualTo(NO_FILES);
    assertThat(directive("run", "--root-dir", "")).isEqualTo(DIRECTORIES);
    assertThat(directive("policy", "grant", "web", "--to", "us")).isEqualTo(NO_FILES | NO_SPACE);
    assertThat(directive("policy", "grant", "web", "--to", "")).isEqualTo(NO_FILES);
    assertThat(directive("profile", "compare", "a", "b", "")).isEqualTo(NO_FILES);
  }
}
