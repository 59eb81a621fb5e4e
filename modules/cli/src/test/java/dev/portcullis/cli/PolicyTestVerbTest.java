package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTestVerbTest {
  private static final String EXAMPLE = "examples/policies-test.yaml";

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  @Test
  void theExamplePasses() {
    Run run = Run.of("policy", "test", EXAMPLE);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("6 cases: 6 passed, 0 failed\n")
        .containsPattern("an explorer explores  +default/explorer +eve +allowed +pass")
        .doesNotContain("FAIL");
    assertThat(Run.of("policy", "test", EXAMPLE, "--policy", "examples/policies").out())
        .isEqualTo(run.out());
  }

  @Test
  void aTableThatIsNotThereIsInTheDocument() {
    Run run = Run.of("policy", "test", "no.yaml", "-o", "json");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "\"errors\" : [ { \"source\" : \"no.yaml\", \"message\" : \"no such file or directory\" } ]");
    assertThat(Run.of("policy", "test", EXAMPLE, "-o", "junit").out())
        .contains(" tests=\"6\" failures=\"0\" errors=\"0\"");
  }

  /// Each expectation turned round fails, at its line.
  @Test
  void aCaseThatFails() throws IOException {
    String text =
        Files.readString(Path.of(EXAMPLE))
            .replace("policies: [policies]", "policies: [" + absolute("policies") + "]")
            .replace("    file: ", "    file: " + absolute("") + "/")
            .replace("expect: refused", "expect: was-refused")
            .replace("expect: allowed", "expect: refused")
            .replace("expect: was-refused", "expect: allowed");
    String wrong = file("wrong.yaml", text);
    Run run = Run.of("policy", "test", wrong);
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains("6 cases: 0 passed, 6 failed\n")
        .contains(
            "failed: "
                + wrong
                + ":10: a developer gets the default: expected refused, but the pod is allowed\n")
        .contains(
            "failed: "
                + wrong
                + ":17: a developer does not explore: expected allowed, but the pod is refused:"
                + " metadata.annotations.container.seccomp");
    assertThat(Run.at(80, "policy", "test", wrong).out().lines())
        .allMatch(line -> line.length() <= 80);
    Run junit = Run.of("policy", "test", wrong, "-o", "junit");
    assertThat(junit.code()).isOne();
    assertThat(junit.out())
        .contains(
            "<testsuite name=\"portcullis policy test\" tests=\"6\" failures=\"6\" errors=\"0\">")
        .contains("name=\"a developer gets the default\"")
        .contains(
            "<failure type=\"expectation-failed\" message=\"expected refused, but the pod is allowed\">")
        .contains(wrong + ":10</failure>");
    assertThat(Run.of("policy", "test", wrong, "-o", "github").out())
        .contains("::error file=" + wrong + ",line=10,col=");
    Run json = Run.of("policy", "test", wrong, "-o", "json");
    assertThat(json.code()).isOne();
    assertThat(json.out())
        .contains("\"failed\" : 6")
        .contains("\"field\" : \"cases[0].expect\"")
        .contains("\"line\" : 10");
  }

  private static String absolute(String name) {
    return Path.of("examples").resolve(name).toAbsolutePath().normalize().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cases: [{file: nope.yaml, user: a, expect: allowed}]} | nope.yaml: no such file | 3",
        "{cases: [{file: ., user: a, expect: allowed}]} | table.yaml:1: cases[0].file: . has no pod"
            + " | 1",
        "{cases: [{file: two.txt, user: a, expect: allowed}]} | cases[0].file: has 2 pods; name one"
            + " in object | 1",
        "{cases: [{file: two.txt, object: Pod/c, user: a, expect: allowed}]} | two.txt has no pod or"
            + " workload \"Pod/c\" | 1",
        "{cases: [{file: two.txt, object: a, namespace: x, user: a, expect: allowed}]} |"
            + " cases[0].namespace: is \"x\", and the pod says \"shop\" | 1",
        "{cases: [{pod: {apiVersion: v1, kind: Secret}, user: a, expect: allowed}]} | cases[0].pod:"
            + " is neither a pod | 1",
        "{cases: [{file: two.txt, object: a, user: a, expect: maybe}]} | table.yaml:1:"
            + " cases[0].expect: Unsupported value: \"maybe\" | 1",
        "'{cases: [' | table.yaml:1: | 1",
        "'' | has 0 documents | 1"
      })
  void badInputHasItsPlace(String table, String message, int code) throws IOException {
    file(
        "two.txt",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: shop}
        spec: {containers: [{name: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b}
        spec: {containers: [{name: c}]}
        """);
    Run run = Run.of("policy", "test", file("table.yaml", table), "--policy", "examples/policies");
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message);
  }

  @Test
  void usage() throws IOException {
    assertThat(Run.of("policy", "test").code()).isEqualTo(2);
    String none =
        file(
            "none.yaml",
            "cases: [{file: %s, user: a, expect: allowed}]".formatted(absolute("default.yaml")));
    Run run = Run.of("policy", "test", none);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("names no policies; add the list policies to it");
    assertThat(Run.of("policy", "test", temporary.resolve("x").toString()).code()).isEqualTo(3);
  }
}
