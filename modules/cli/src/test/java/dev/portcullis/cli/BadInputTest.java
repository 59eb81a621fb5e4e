package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputTest {
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/c";

  @TempDir Path temporary;

  private Run check(String content) throws IOException {
    return Run.of("check", Files.writeString(temporary.resolve("pod.yaml"), content).toString());
  }

  private static String pod(String metadata, String container) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: p"
        + metadata
        + "}\nspec:\n  containers:\n  - {name: c, image: i"
        + container
        + "}\n";
  }

  @Test
  void filesThatAreNotThere() {
    Run missing = Run.of("check", temporary + "/no.yaml");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains(temporary + "/no.yaml: no such file or directory");
    Run empty = Run.of("check", temporary.toString());
    assertThat(empty.code()).isOne();
    assertThat(empty.err()).contains("no pod in " + temporary);
  }

  @Test
  void aPathThatIsNone() {
    Run run = Run.of("check", "a\0b");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("a\\x00b: not a valid path");
    assertThat(Run.of("run", "x.yaml", "--seccomp-profile-root", "a\0b").code()).isEqualTo(2);
    assertThat(Run.of("run", "x.yaml", "--load-image", "a\0b").code()).isEqualTo(2);
  }

  /// A profile's is compared with it as a text.
  @Test
  void aListenerThatIsNoAbsolutePath() {
    for (String path : List.of("agent.sock", "./agent.sock", " /agent.sock")) {
      Run run = Run.of("run", "x.yaml", "--allow-listener", path);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--allow-listener: \"" + path + "\" must be an absolute path");
    }
  }

  @Test
  void empty() throws IOException {
    for (String content : new String[] {"", "\n", "# only a comment\n", "---\n---\n"}) {
      Run run = check(content);
      assertThat(run.code()).isOne();
      assertThat(run.err()).contains("pod.yaml");
    }
  }

  @Test
  void aTab() throws IOException {
    Run run = check("apiVersion: v1\nkind: Pod\nmetadata:\n\tname: p\n");
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("pod.yaml:4:").contains("TAB");
  }

  @Test
  void aDuplicateKey() throws IOException {
    Run run = check(pod(", name: q", ""));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("pod.yaml:3:").contains("the key \"name\" occurs twice");
  }

  @Test
  void tooLarge() throws IOException {
    Run run = check("#" + "x".repeat(10 * 1024 * 1024));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("larger than 8388608 bytes").hasSizeLessThan(1000);
  }

  @Test
  void withoutEnd() {
    Run run = Run.of("check", "/dev/zero");
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("/dev/zero: larger than");
  }

  @Test
  void tooDeep() throws IOException {
    for (String content :
        new String[] {
          "a: " + "[".repeat(100_000) + "]".repeat(100_000),
          "{\"a\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}",
          "[".repeat(100_000),
          "{\"a\":".repeat(100_000),
          "- ".repeat(100_000) + "a"
        }) {
      Run run = check(content);
      assertThat(run.code()).isOne();
      assertThat(run.err()).contains("pod.yaml").hasSizeLessThan(1000);
    }
  }

  @Test
  void aliasesThatExplode() throws IOException {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      String before = "*a" + (i - 1) + ", ";
      yaml.append("a%d: &a%d [%s*a%d]%n".formatted(i, i, before.repeat(9), i - 1));
    }
    Run run = check(yaml.toString());
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("pod.yaml").hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: p} | {containers: []} | spec.containers: Required value: a pod needs a container",
        "{name: p} | {} | spec.containers: Required value",
        "{name: p} | null | spec: Required value",
        "{} | {containers: [{name: c}]} | metadata.name: Required value",
        "{name: P_} | {containers: [{name: c}]} | metadata.name: Invalid value: \"P_\"",
        "{name: p} | {containers: [{image: i}]} | spec.containers[0].name: Required value",
        "{name: p} | {containers: [{name: c}, {name: c}]}"
            + " | spec.containers[1].name: Duplicate value: \"c\"",
        "{name: p} | {initContainers: [{name: c}], containers: [{name: c}]} | Duplicate value",
        "{name: p} | {containers: [x]} | spec.containers[0]: must be an object",
        "{name: p} | {containers: 1} | spec.containers: must be a list"
      })
  void podsThatAreNone(String metadata, String spec, String message) throws IOException {
    Run run = check("apiVersion: v1\nkind: Pod\nmetadata: " + metadata + "\nspec: " + spec + "\n");
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("refused: ").contains(message).contains("0 admitted");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "localhost",
    "localhost/",
    "localhost//a",
    "localhost/a/../b",
    "runtime/Default",
    "Unconfined",
    "' unconfined'",
    "none"
  })
  void badAnnotations(String value) throws IOException {
    Run run = check(pod(", annotations: {" + KEY + ": '" + value + "'}", ""));
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("refused: ").contains(KEY);
  }

  @Test
  void annotationAndFieldThatDisagree() throws IOException {
    Run run =
        check(
            pod(
                ", annotations: {" + KEY + ": unconfined}",
                ", securityContext: {seccompProfile: {type: RuntimeDefault}}"));
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("must match");
  }

  @Test
  void nothingRawReachesTheTerminal() throws IOException {
    String evil = "\\e[2J\\e]0;x\\a\\u202e\\r\\u009b31m\\u2028";
    for (String content :
        new String[] {
          pod(", annotations: {\"" + KEY + "\": \"localhost/" + evil + "\"}", ""),
          pod(", namespace: \"" + evil + "\"", ""),
          pod(", annotations: {\"" + KEY + evil + "\": unconfined}", ""),
          pod("", ", \"" + evil + "\": 1, env: \"" + evil + "\""),
          pod("", "").replace("name: c", "name: \"" + evil + "\""),
          pod("", "").replace("kind: Pod", "kind: \"" + evil + "\""),
          pod("", "").replace("name: p", "name: \"" + evil + "\""),
          "\"" + evil + "\": [\u0001",
          "apiVersion: v1\nkind: Pod\n\"" + evil + "\": 1\n\"" + evil + "\": 1\n"
        }) {
      Path file = Files.writeString(temporary.resolve("pod\u001b[1m.yaml"), content);
      for (Run run :
          List.of(
              Run.of("check", file.toString()),
              Run.of("run", file.toString(), "--runtime-endpoint", "unix:///nonexistent"))) {
        assertThat(run.code()).isNotEqualTo(70);
        assertThat((run.out() + run.err()).replace("\n", ""))
            .as(content)
            .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
      }
    }
  }
}
