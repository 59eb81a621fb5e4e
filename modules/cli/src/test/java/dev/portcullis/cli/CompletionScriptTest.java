package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scripts of `portcullis completion` in the shells that they are for, on a terminal of
/// script(1), by the tab key.
class CompletionScriptTest {
  private static final String TAB = "\t";

  /// What is typed, and the words that the program then gets.
  private static final Map<String, List<String>> LINES =
      Map.ofEntries(
          Map.entry(
              "che" + TAB + "--kubern" + TAB + "1.30", List.of("check", "--kubernetes", "1.30")),
          Map.entry("check --output=js" + TAB, List.of("check", "--output=json")),
          Map.entry("check -o js" + TAB, List.of("check", "-o", "json")),
          Map.entry(
              "profile show containerd/default@2." + TAB + "3",
              List.of("profile", "show", "containerd/default@2.3")),
          Map.entry(
              "verify --profile=crio/default@1.2" + TAB + "9",
              List.of("verify", "--profile=crio/default@1.29")),
          Map.entry("profile show mine" + TAB, List.of("profile", "show", "mine.json")),
          Map.entry("check poli" + TAB, List.of("check", "policies")),
          Map.entry("check --policy=poli" + TAB, List.of("check", "--policy=policies")),
          Map.entry("run --root-dir poli" + TAB, List.of("run", "--root-dir", "policies")),
          Map.entry("check pod" + TAB, List.of("check", "pod one.yaml")),
          Map.entry(
              "check --fail-on warning,ref" + TAB,
              List.of("check", "--fail-on", "warning,refused")),
          Map.entry(
              "policy grant x --to us" + TAB + "ann",
              List.of("policy", "grant", "x", "--to", "user:ann")));

  @TempDir private Path directory;

  @BeforeEach
  void launcher() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Path launcher = bin.resolve("portcullis");
    // It tells what it was called with; what is asked by the tab key is answered by Portcullis.
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        case $1 in
          __complete) exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$@" ;;
        esac
        printf 'called'
        printf '<%%s>' "$@"
        echo .
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Main.class.getName()));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Path work = Files.createDirectory(directory.resolve("work"));
    Files.createFile(work.resolve("pod one.yaml"));
    Files.createFile(work.resolve("mine.json"));
    Files.createDirectory(work.resolve("policies"));
  }

  /// What the program was called with, in the order of the lines.
  private List<List<String>> typed(List<String> lines, String... shell)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qec", String.join(" ", shell), "/dev/null")
            .directory(directory.resolve("work").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("TERM", "dumb");
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("ZDOTDIR", directory.toString());
    Process process = builder.start();
    try (OutputStream keys = process.getOutputStream()) {
      int calls = 0;
      for (String line : lines) {
        keys.write(("portcullis " + line + "\n").getBytes(UTF_8));
        keys.flush();
        // The next line is typed once this one has run.
        calls++;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (calls(output).size() < calls && System.nanoTime() < end && process.isAlive()) {
          Thread.sleep(20);
        }
      }
      keys.write("exit\n".getBytes(UTF_8));
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(calls(output)).as(Files.readString(output, UTF_8)).hasSize(lines.size());
    return calls(output);
  }

  private static List<List<String>> calls(Path output) throws IOException {
    return Pattern.compile("called((?:<[^<>]*>)+)\\.")
        .matcher(Files.readString(output, UTF_8))
        .results()
        .map(CompletionScriptTest::words)
        .toList();
  }

  private static List<String> words(MatchResult call) {
    List<String> words = new ArrayList<>();
    for (String word : call.group(1).split(">", 0)) {
      // A directory is completed with a slash, which a shell may take away again.
      words.add(word.substring(1).replaceFirst("(?<=policies)/$", ""));
    }
    return words;
  }

  private void completesInAll(String... shell) throws IOException, InterruptedException {
    List<String> lines = List.copyOf(LINES.keySet());
    assertThat(typed(lines, shell))
        .containsExactlyElementsOf(lines.stream().map(LINES::get).toList());
  }

  private static void require(String program) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", program)),
        program + " is not installed, so its completion is not tested: apt-get install " + program);
  }

  private String script(String shell) throws IOException {
    Path script = directory.resolve("script");
    Files.writeString(script, Run.of("completion", shell).out());
    return script.toString();
  }

  @Test
  void bash() throws Exception {
    require("bash");
    Path start = directory.resolve("bashrc");
    Files.writeString(start, "PS1='$ '\nbind 'set bell-style none'\n. " + script("bash") + "\n");
    completesInAll("bash", "--rcfile", start.toString(), "-i");
  }

  @Test
  void zsh() throws Exception {
    require("zsh");
    Files.writeString(
        directory.resolve(".zshrc"),
        "PS1='$ '\nunsetopt beep zle_bracketed_paste 2>/dev/null\nautoload -U compinit\ncompinit -u -d "
            + directory.resolve("dump")
            + "\n. "
            + script("zsh")
            + "\n");
    completesInAll("zsh", "-i");
  }

  /// As the packages of shells have it: in $fpath, and loaded when it is asked for.
  @Test
  void zshFindsItInItsPath() throws Exception {
    require("zsh");
    Path functions = Files.createDirectory(directory.resolve("functions"));
    Files.writeString(functions.resolve("_portcullis"), Run.of("completion", "zsh").out());
    Files.writeString(
        directory.resolve(".zshrc"),
        "PS1='$ '\nunsetopt beep\nfpath=("
            + functions
            + " $fpath)\nautoload -U compinit\ncompinit -u -d "
            + directory.resolve("dump")
            + "\n");
    assertThat(typed(List.of("check --output=js" + TAB, "check -o sar" + TAB), "zsh", "-i"))
        .containsExactly(List.of("check", "--output=json"), List.of("check", "-o", "sarif"));
  }

  /// fish is asked by its own command for it: it wants more of a terminal than script(1) is.
  @Test
  void fish() throws Exception {
    require("fish");
    String script = script("fish");
    for (String line : LINES.keySet()) {
      String first = line.substring(0, line.indexOf(TAB));
      List<String> words = LINES.get(line);
      String completed = words.get(first.split(" ", -1).length - 1);
      assertThat(fish(script, first)).as(line).anyMatch(completed::startsWith);
    }
  }

  private List<String> fish(String script, String line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "fish",
                "--no-config",
                "-c",
                ". " + script + "; complete -C 'portcullis " + line + "'")
            .directory(directory.resolve("work").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.lines().map(each -> each.replaceFirst("\t.*", "").replaceFirst("/$", "")).toList();
  }
}
