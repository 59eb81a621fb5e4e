package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cli.command.Verb;
import dev.portcullis.cli.command.Verbs;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void versionNamesPortcullisAndJava(String verb) {
    Run run = Run.of(verb);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("portcullis 0.")
        .contains("\njava " + Runtime.version().feature());
    assertThat(run.err()).isEmpty();
  }

  @Test
  void versionAsJsonIsOneDocument() {
    Run run = Run.of("version", "-o", "json");
    assertThat(run.code()).isZero();
    var reading = Documents.readJson(run.out().getBytes(StandardCharsets.UTF_8), Limits.MANIFEST);
    Mapping version = (Mapping) ((ParseResult.Documents) reading).values().getFirst();
    assertThat(version.get("version")).isInstanceOf(Value.Text.class);
    assertThat(version.entries().keySet()).containsExactly("version", "commit", "java");
  }

  @Test
  void versionRefusesWhatItDoesNotKnow() {
    assertThat(Run.of("version", "x").code()).isEqualTo(2);
    assertThat(Run.of("version", "-o", "yml").err())
        .contains(
            "--output: \"yml\" is not known; use table, wide, json or yaml; did you mean yaml?");
  }

  @Test
  void nothingToDoIsUsage() {
    Run run = Run.of();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo(Run.of("help").out());
  }

  @Test
  void aGroupAloneIsUsage() {
    for (String group : List.of("profile", "policy", "image")) {
      Run run = Run.of(group);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).isEqualTo(Run.of("help", group).out());
    }
  }

  @Test
  void aSecondWordIsFoundWithASlip() {
    assertThat(Run.of("validte").err())
        .contains("there is no verb \"validte\"; did you mean profile validate?");
    assertThat(Run.of("profile", "compre").err()).contains("did you mean profile compare?");
    assertThat(Run.of("help", "policy", "grnat").err()).contains("did you mean policy grant?");
    assertThat(Run.of("completion", "bahs").err())
        .contains("completion: \"bahs\" is not known; use bash, zsh or fish; did you mean bash?");
    assertThat(Run.of("man", "chekc").err()).contains("did you mean check?");
  }

  @Test
  void anUnknownVerbNamesTheNearest() {
    Run run = Run.of("chekc", "pod.yaml");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("there is no verb \"chekc\"; did you mean check?");
    assertThat(Run.of("frobnicate").err()).contains("there is no verb \"frobnicate\"\n");
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    Run run = Run.of("version", "--ouput", "json");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("version has no option --ouput; did you mean --output?")
        .contains("see: portcullis help version");
  }

  @Test
  void aFileMayStandAfterF() {
    String pod = "examples/default.yaml";
    String judged = Run.of("check", pod).out();
    assertThat(judged).contains("allowed");
    assertThat(Run.of("check", "-f", pod).out()).isEqualTo(judged);
    assertThat(Run.of("check", "--filename=" + pod).out()).isEqualTo(judged);
    assertThat(Run.of("check", "-f", pod, "-f", "examples/override.yaml").out())
        .isEqualTo(Run.of("check", pod, "examples/override.yaml").out());
    String profile = "examples/profiles/browser-sandbox.json";
    assertThat(Run.of("profile", "convert", "-f", profile, "--to", "oci").out())
        .isEqualTo(Run.of("profile", "convert", profile, "--to", "oci").out())
        .contains("defaultAction");
    assertThat(Run.of("version", "-f", "x").err()).contains("version has no option -f\n");
    assertThat(Run.of("profile", "derive", "x", "--file", "y").err())
        .contains("no option --file; did you mean --output-file or --filename?\n");
  }

  @Test
  void whatIsNamedTwiceIsJudgedOnce() {
    String pod = "examples/default.yaml";
    assertThat(Run.of("check", pod, "examples/../examples/default.yaml", "-f", pod).out())
        .isEqualTo(Run.of("check", pod).out());
    assertThat(Run.of("fix", "--default", "unconfined", pod, pod).out())
        .isEqualTo(Run.of("fix", "--default", "unconfined", pod).out());
    String profile = "examples/profiles/browser-sandbox.json";
    assertThat(Run.of("profile", "validate", profile, profile, "examples/profiles").out())
        .isEqualTo(Run.of("profile", "validate", profile, "examples/profiles").out());
  }

  @Test
  void aProfileMayComeFromStandardInput() throws IOException {
    String profile = Files.readString(Path.of("examples/profiles/browser-sandbox.json"));
    for (String call :
        List.of(
            "profile validate -",
            "profile show - --arch x86_64",
            "profile compare - -",
            "profile convert - --to docker",
            "profile derive - --allow ptrace")) {
      Run run = Run.with(profile, call.split(" ", -1));
      assertThat(run.code()).as(call + "\n" + run.err()).isZero();
    }
    Run broken = Run.with("{", "profile", "show", "-");
    assertThat(broken.code()).isOne();
    assertThat(broken.err()).startsWith("error: standard input:1: ");
  }

  @Test
  void aNamespaceIsOne() {
    Run run = Run.of("check", "-n", "Bad_NS", "examples/default.yaml");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: --namespace: \"Bad_NS\" ");
  }

  @Test
  void aKindInSmallLettersIsNoPodAndIsSaid() {
    Run run =
        Run.with(
            "apiVersion: v1\nkind: pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n",
            "check",
            "-");
    assertThat(run.code()).isOne();
    assertThat(run.err())
        .contains(
            "standard input:1: ",
            "kind: Invalid value: \"pod\": there is no such kind; did you mean Pod?");
  }

  @Test
  void namesOfBuiltInDefaultsAreFoundWithASlip() {
    for (String slip :
        List.of("containerd@1.7", "containerd/defualt@1.7", "contianerd/default@1.7")) {
      assertThat(Run.of("profile", "show", slip).err())
          .isEqualTo(
              "error: "
                  + slip
                  + ": no such file or directory; did you mean containerd/default@1.7?\n");
    }
    assertThat(Run.of("profile", "show", "docker/defalt").err())
        .contains("did you mean docker/default?");
    assertThat(Run.of("profile", "show", "runtime/defualt").err())
        .contains("did you mean runtime/default?");
    assertThat(Run.of("profile", "list", "containerd@1.7").err())
        .contains(
            "profile list containerd; one of them is shown by: profile show containerd/default@1.7");
    assertThat(Run.of("policy", "create", "x", "--default", "RuntimeDefault").err())
        .contains("runtime/default");
    assertThat(Run.of("policy", "who-can", "use", "runtime/defualt", "--cluster").err())
        .contains("did you mean runtime/default?");
  }

  @Test
  void theHelpOfTheWholeVerbIsNamed() {
    assertThat(Run.of("profile", "show", "--nope").err())
        .endsWith("\nsee: portcullis help profile show\n");
    assertThat(Run.of("profile", "recrod").err()).endsWith("\nsee: portcullis help profile\n");
    assertThat(Run.of("check", "show", "--nope").err()).endsWith("\nsee: portcullis help check\n");
    assertThat(Run.of("help", "x").err()).endsWith("\nsee: portcullis help\n");
    assertThat(Run.of("help", "--nope").err()).endsWith("\nsee: portcullis help\n");
  }

  @Test
  void aNameOfNoProfileFileLeadsToWhatWasMeant() {
    assertThat(Run.of("profile", "show", "482").err())
        .contains("482: no such file or directory; for a process write pid:482");
  }

  @Test
  void whoCanShowsTheWholeCall() {
    assertThat(Run.of("policy", "who-can", "unconfined").err())
        .contains(
            "policy who-can needs \"use\" and a profile:"
                + " policy who-can use unconfined --policy PATH\n");
    assertThat(Run.of("policy", "who-can", "use").err())
        .contains("policy who-can use PROFILE --policy PATH\n");
    assertThat(Run.of("policy", "who-can", "use", "unconfined").err())
        .contains("needs --policy PATH or --cluster, to read policies and RBAC objects\n");
    assertThat(Run.of("webhook", "--mode=enforec").err())
        .contains("--mode: \"enforec\" is not known; use enforce, warn, audit or off");
    assertThat(Run.of("profile", "convert", "x.json").err()).contains("--to is missing; use ");
  }

  @Test
  void aVerbWithoutItsFirstWordIsFound() {
    assertThat(Run.of("validate").err())
        .contains("there is no verb \"validate\"; did you mean profile validate?");
    assertThat(Run.of("convert").err())
        .contains("there is no verb \"convert\"; did you mean profile convert or policy convert?");
    assertThat(Run.of("profile", "recrod").err())
        .contains("there is no verb \"profile recrod\"; use validate, list, show, compare, ")
        .contains("; did you mean profile record?");
  }

  @Test
  void optionsStandAfterTheVerb() {
    assertThat(Run.of("-o", "json", "version").err()).contains("options stand after the verb");
  }

  @Test
  void helpNamesEveryVerb() {
    Run run = Run.of("help");
    assertThat(run.code()).isZero();
    for (Verb verb : Verbs.all()) {
      assertThat(run.out()).contains("\n  " + verb.name() + " ");
    }
    assertThat(Run.of("--help").out()).isEqualTo(run.out());
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void helpOfAVerbShowsItsOptions() {
    Run run = Run.of("help", "version");
    assertThat(run.out())
        .containsPattern("-o, --output table\\|wide\\|json\\|yaml\\s+output format");
    assertThat(Run.of("version", "--help").out()).isEqualTo(run.out());
    assertThat(Run.of("version", "-h").out()).isEqualTo(run.out());
    assertThat(Run.of("help", "x").code()).isEqualTo(2);
    assertThat(Run.of("help", "run", "check").code()).isEqualTo(2);
  }

  @Test
  void anArgumentCannotWriteToTheTerminal() {
    Run run = Run.of("\u001b[2Jcheck\u202e");
    assertThat(run.err()).contains("\\x1b[2Jcheck\\" + "u{202e}").doesNotContain("\u001b");
  }

  @Nested
  class WhenTheWorldOrWeFail {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(OutputStream out, Map<String, String> environment) {
      return new Terminal(
          InputStream.nullInputStream(),
          new PrintStream(out, false, StandardCharsets.UTF_8),
          new PrintStream(err, false, StandardCharsets.UTF_8),
          Colour.OFF,
          Colour.OFF,
          80,
          environment);
    }

    private final OutputStream bug =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new IllegalStateException("gremlin");
          }
        };

    private int toOutputThatFails(String message, boolean noReader) {
      Output output =
          new Output(
              new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                  throw new IOException(message);
                }
              },
              () -> noReader);
      return Cli.run(List.of("version"), output, terminal(output, Map.of()));
    }

    @Test
    void aBugIsOneLineAndSeventy() {
      assertThat(new Cli(terminal(bug, Map.of())).run(List.of("version"))).isEqualTo(70);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo(
              "error: a bug in Portcullis: java.lang.IllegalStateException: gremlin\n"
                  + "       (PORTCULLIS_DEBUG=1 shows where)\n");
    }

    @Test
    void aBugShowsItsTraceWhenAsked() {
      int code = new Cli(terminal(bug, Map.of("PORTCULLIS_DEBUG", "1"))).run(List.of("version"));
      assertThat(code).isEqualTo(70);
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("\tat dev.portcullis.cli.");
    }

    @Test
    void aFullDiskIsTheWorld() {
      assertThat(toOutputThatFails("No space left on device", false)).isEqualTo(3);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo("error: cannot write to standard output: No space left on device\n");
    }

    @Test
    void aReaderThatWentAwayIsNobodysFault() {
      // The words are in the language of the locale: here German.
      assertThat(toOutputThatFails("Daten\u00fcbergabe unterbrochen (broken pipe)", true)).isZero();
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theWordsOfAFailureDecideNothing() {
      assertThat(toOutputThatFails("Broken pipe", false)).isEqualTo(3);
    }
  }
}
