package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.cli.command.Help;
import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual pages, read by the programs that show and index them.
class ManPageTest {
  private static final List<Verb> VERBS =
      Verbs.all().stream()
          .flatMap(verb -> Stream.concat(Stream.of(verb), verb.parts().stream()))
          .toList();

  @TempDir private Path directory;

  private static void require(String program) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", program)),
        program
            + " is not installed, so the manual pages are not tested: apt-get install man-db groff");
  }

  private static String said(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("MANWIDTH", "80");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private List<Path> pages() throws IOException {
    Run run = Run.of("man", "--directory", directory.toString());
    assertThat(run.code()).as(run.err()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereIsOneOfEachVerb() throws IOException {
    assertThat(pages())
        .extracting(page -> page.getFileName().toString())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("portcullis.1"),
                    VERBS.stream()
                        .map(verb -> "portcullis-" + verb.name().replace(' ', '-') + ".1"))
                .toList());
    assertThat(Run.of("man", "policy", "grant").out())
        .isEqualTo(Files.readString(directory.resolve("portcullis-policy-grant.1")));
  }

  @Test
  void groffHasNothingToSay() throws Exception {
    require("groff");
    for (Path page : pages()) {
      assertThat(said("groff", "-man", "-ww", "-Tutf8", "-z", page.toString()))
          .as("" + page)
          .isEmpty();
    }
  }

  @Test
  void manShowsAllOfIt() throws Exception {
    require("man");
    pages();
    for (Verb verb : VERBS) {
      Path page = directory.resolve("portcullis-" + verb.name().replace(' ', '-') + ".1");
      String shown =
          said("man", "--warnings", "--no-hyphenation", "-P", "cat", "-l", page.toString())
              .replaceAll(".\b", "")
              .replaceAll("\\s+", " ");
      assertThat(shown).doesNotContainPattern(":[0-9]+: warning").contains(verb.help().summary());
      for (Option option : verb.grammar().options()) {
        assertThat(shown).as(verb.name()).contains(option.term());
      }
      for (Help.Example example : verb.help().examples()) {
        assertThat(shown).contains("portcullis " + example.call() + " ");
      }
    }
  }

  /// whatis(1) and apropos(1) find a page by what lexgrog reads of it.
  @Test
  void anIndexHasTheirNames() throws Exception {
    require("lexgrog");
    for (Path page : pages()) {
      String name = page.getFileName().toString().replace(".1", "");
      assertThat(said("lexgrog", page.toString())).contains("\"" + name + " - ");
    }
  }

  @Test
  void whatCannotBeWrittenIsSaid() {
    Run run = Run.of("man", "--directory", directory.resolve("none").toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("none: there is no such directory; make it first");
    assertThat(Run.of("man", "check", "--directory", directory.toString()).code()).isEqualTo(2);
    assertThat(Run.of("man", "check", "show").code()).isEqualTo(2);
  }
}
