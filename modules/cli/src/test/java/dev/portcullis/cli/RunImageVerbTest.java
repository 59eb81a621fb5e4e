package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `run --image` refuses before it asks a runtime. The socket is there for none of them.
class RunImageVerbTest {
  @TempDir Path temporary;

  private static Run run(String... more) {
    List<String> line =
        new ArrayList<>(List.of("run", "--runtime-endpoint", "unix:///nonexistent/sock"));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--profile unconfined pod.yaml | --profile is for --image",
        "--command pod.yaml | --command is for --image",
        "--record d --keep pod.yaml | --record and --keep: somebody must answer",
        "--record d --prove pod.yaml | --record and --prove: a recorded container",
        "--image i pod.yaml | \"pod.yaml\": with --image no file is run; the arguments of the image"
            + " stand after --",
        "--image i --profile localhost/../x | must not contain '..'",
        "--image i --profile localhost/ | must name a file below the profile root",
        "--image i --profile examples/x --policy p | x"
      })
  void usage(String line, String said) {
    Run run = run(line.replace("examples/x", "examples/profiles/browser-sandbox.json").split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains(said.equals("x") ? "policies allow profiles by their names" : said);
  }

  /// A process has filters, and no profile; a directory has many.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nope.json | nope.json: no such file or directory",
        "RuntimeDefault | RuntimeDefault: no such file or directory",
        "pid:1 | a process has filters and no profile",
        "docker/default@0.1 | docker/default@0.1: ",
        "examples | is a directory; name a file in it"
      })
  void whatIsNoProfile(String profile, String said) {
    Run run = run("--image", "i", "--profile", profile);
    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains(said);
  }

  /// It is judged as a pod of a file is.
  @Test
  void itIsJudged() throws IOException {
    String policy =
        Files.writeString(
                temporary.resolve("policy.yaml"),
                """
                apiVersion: portcullis.dev/v1alpha1
                kind: SeccompPolicy
                metadata: {name: x}
                spec: {allowedProfiles: [localhost/other]}
                """)
            .toString();
    Run run = run("--image", "i", "--profile", "unconfined", "--policy", policy, "-n", "shop");
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("shop/i", "unconfined", "refused");
    assertThat(run.err()).contains("refused: --image: shop/i: ", "nothing was started");
  }

  /// Of whatever an image is called, a name is made that a pod can have.
  @ParameterizedTest
  @CsvSource({
    "registry:5000/team/Web_App:1.2@sha256:0123, team/web-app",
    "a, team/a",
    "___, team/image",
    "x.y.z/--b--:c, team/b"
  })
  void theNameOfThePod(String image, String label) {
    Run run =
        run(
            "--image",
            image,
            "--profile",
            "localhost/x",
            "--default-profile",
            "unconfined",
            "-n",
            "team",
            "--seccomp-profile-root",
            temporary.resolve("none").toString());
    assertThat(run.code()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("--image: " + label + ": container ");
  }

  /// A program may be given an empty argument; a path is never empty.
  @Test
  void anEmptyArgumentOfTheImageIsPassedOn() {
    Run words = run("--image", "i", "--profile", "localhost/x", "--", "echo", "", "x");
    assertThat(words.code()).as(words.err()).isEqualTo(3);
    assertThat(words.err()).contains("container \"i\"").doesNotContain("operand is empty");
    for (String[] line :
        new String[][] {{"", "--image", "i", "--", "x"}, {"--", ""}, {"--keep", "--", "x", ""}}) {
      Run refused = run(line);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("an operand is empty");
    }
  }

  @Test
  void anImageThatIsEmptyOrBlank() {
    assertThat(run("--image", "").code()).isEqualTo(2);
    Run blank = run("--image", " ");
    assertThat(blank.code()).isOne();
    assertThat(blank.err()).contains("spec.containers[0].image: Required value");
  }
}
