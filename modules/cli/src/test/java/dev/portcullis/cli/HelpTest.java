package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.command.Help;
import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every verb says of itself, held against what it does.
class HelpTest {
  /// Those whose examples ask nothing of a runtime, a cluster or a process.
  private static final Set<String> PURE =
      Set.of(
          "check",
          "completion",
          "exposure",
          "fix",
          "help",
          "image save",
          "man",
          "policy compile",
          "policy convert",
          "policy create",
          "policy generate",
          "policy grant",
          "policy test",
          "policy who-can",
          "profile compare",
          "profile convert",
          "profile derive",
          "profile intersect",
          "profile list",
          "profile show",
          "profile union",
          "profile validate",
          "version");

  /// Examples that show a refusal or a difference; the others succeed.
  private static final Set<String> REFUSALS =
      Set.of(
          "check --policy examples/policies --as ann --as-group developers examples/",
          "check --kubernetes 1.26 --fail-on unconfined-today examples/",
          "exposure CVE-2026-31431 examples/profiles/browser-sandbox.json",
          "exposure -o json examples/explorer.yaml",
          "fix examples/",
          "profile compare containerd/default@1.7 containerd/default@2.3",
          "profile compare examples/profiles/browser-sandbox.json"
              + " examples/profiles/example-explorer-profile --arch x86_64");

  private static final Set<String> OUTSIDE =
      Set.of("--cluster", "runtime/default", "--runtime-endpoint", "--directory");

  static Stream<Verb> verbs() {
    return Verbs.all().stream()
        .flatMap(verb -> Stream.concat(Stream.of(verb), verb.parts().stream()));
  }

  static Stream<Verb> verbsThatDoSomething() {
    return verbs().filter(verb -> !verb.help().exits().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void fitsATerminal(Verb verb) {
    Run run = Run.of((verb.name() + " --help").split(" ", -1));
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    for (Option option : verb.grammar().options()) {
      assertThat(run.out()).contains(option.text());
    }
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void saysWhatItDoes(Verb verb) {
    assertThat(verb.help().description()).matches("(?s)[A-Z(].{60,}\\.");
    Run run = Run.of((verb.name() + " --help").split(" ", -1));
    String examples =
        run.out().replaceFirst("(?s).*\nExamples\n", "").replaceFirst("(?s)\n\n.*", "");
    assertThat(examples.lines().filter(line -> line.startsWith("  # "))).hasSizeGreaterThan(1);
  }

  /// Anyone who does not give an option knows what then is.
  @ParameterizedTest
  @MethodSource("verbs")
  void tellsTheDefaultOfEachValue(Verb verb) {
    for (Option option : verb.grammar().options()) {
      if (option.argument() != null && !option.repeatable()) {
        assertThat(option.meaning()).as(option.text()).containsPattern("\\((default: |required)");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void leadsToAPage(Verb verb) {
    assertThat(Path.of("docs").resolve(verb.help().page())).isRegularFile();
  }

  @ParameterizedTest
  @MethodSource("verbsThatDoSomething")
  void hasExamplesThatItTakes(Verb verb) throws UsageException {
    assertThat(verb.help().examples()).hasSizeBetween(2, 3);
    for (Help.Example example : verb.help().examples()) {
      List<String> words = words(example);
      int own = verb.name().split(" ", -1).length;
      if (!verb.name().equals("help")) {
        assertThat(String.join(" ", words.subList(0, own))).isEqualTo(verb.name());
        verb.grammar().parse(words.subList(own, words.size()));
      }
      assertThat(words)
          .filteredOn(word -> word.startsWith("examples/"))
          .allMatch(word -> Files.exists(Path.of(word)));
    }
  }

  @ParameterizedTest
  @MethodSource("verbsThatDoSomething")
  void itsExamplesWork(Verb verb, @TempDir Path directory) {
    if (!PURE.contains(verb.name())) {
      return;
    }
    for (Help.Example example : verb.help().examples()) {
      List<String> words = words(example);
      if (words.stream().anyMatch(OUTSIDE::contains)) {
        continue;
      }
      words.replaceAll(word ->
          word.matches("[a-z]+\\.(json|tar|seccomp)") ? directory.resolve(word).toString() : word);
      Run run = Run.of(words.toArray(String[]::new));
      assertThat(run.code())
          .as(example.call() + "\n" + run.err())
          .isEqualTo(REFUSALS.contains(example.call()) ? 1 : 0);
      if (run.code() == 0) {
        assertThat(run.err()).as(example.call()).doesNotContain("error:");
      }
    }
  }

  private static List<String> words(Help.Example example) {
    return new ArrayList<>(List.of(example.call().replace("'", "").split(" ", -1)));
  }
}
