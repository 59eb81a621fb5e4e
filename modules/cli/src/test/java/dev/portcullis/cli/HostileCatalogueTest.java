package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `exposure --catalogue` with files that somebody made to break it, or the terminal of its user.
class HostileCatalogueTest {
  private static final String SANDBOX = "examples/profiles/browser-sandbox.json";

  @TempDir Path temporary;

  private String file(String text) throws IOException {
    return Files.writeString(temporary.resolve("c.yaml"), text).toString();
  }

  private static String entry(String id, String title, String loses) {
    return """
    id: %s
    title: %s
    date: "2026-01-01"
    summary: s
    certainty: c
    needs: {call: "socket:domain==AF_ALG"}
    loses: %s
    sources: ["https://example.org/"]
    """
        .formatted(id, title, loses);
  }

  private void refused(String text, String... words) throws IOException {
    String file = file(text);
    Run run = Run.of("exposure", "--catalogue", file);
    assertThat(run.code()).as(run.err()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("error: " + file);
    for (String word : words) {
      assertThat(run.err()).contains(word);
    }
    assertThat(run.err().length()).isLessThan(20_000);
  }

  @Test
  void whatIsTooMuchIsRefused() throws IOException {
    refused(entry("OWN-1", "t", "l") + "# " + "x".repeat(300_000), "larger than");
    refused(
        entry("OWN-1", "t", "l")
            .replace(
                "{call: \"socket:domain==AF_ALG\"}",
                "{anyOf: [".repeat(40) + "{call: bpf}" + "]}".repeat(40)),
        "deep");
    refused(
        entry("OWN-1", "t", "l")
            .replace(
                "{call: \"socket:domain==AF_ALG\"}",
                "{anyOf: [" + "{call: bpf}, ".repeat(100) + "{call: bpf}]}"),
        "an entry has at most 64 needs");
    StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c < 'k'; c++) {
      bomb.append(c).append(": &").append(c).append(" [");
      bomb.append(("*" + (char) (c - 1) + ", ").repeat(10)).append("x]\n");
    }
    refused(bomb.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "x",
        "{}",
        "id: [OWN-1]",
        "{id: OWN-1, needs: x}",
        "{id: OWN-1, needs: {call: [bpf]}}",
        "{id: OWN-1, needs: {anyOf: {call: bpf}}}",
        "{id: OWN-1, needs: {allOf: [x]}}",
        "{id: OWN-1, needs: {namespaces: user}}",
        "{id: OWN-1, needs: {capability: [CAP_SYS_ADMIN]}}",
        "{id: OWN-1, kernel: []}",
        "{id: OWN-1, sources: 3}",
        "{id: 1, title: {}, date: 5}",
        "id: *nothing",
        "? {a: b}\n: c"
      })
  void whatHasTheWrongTypeIsRefused(String text) throws IOException {
    refused(text);
  }

  @Test
  void anIdOccursOnce() throws IOException {
    refused(
        entry("OWN-1", "t", "l") + "---\n" + entry("own-1", "t", "l"),
        "own-1 occurs twice; first in ");
  }

  @Test
  void whatNeverEndsIsRefused() {
    assertThat(Run.of("exposure", "--catalogue", "/dev/zero").err()).contains("larger than");
    assertThat(Run.of("exposure", "--catalogue", temporary + "/none").code()).isEqualTo(3);
  }

  /// No text of an entry moves the cursor, colours, hides, or begins a line of its own.
  @Test
  void textsAreShownAndNotObeyed() throws IOException {
    String evil = "\"\\e[31mred\\nerror: forged\\u2028next\\u202Eeltit\\u0085x\\r::error::y\"";
    String file = file(entry("OWN-1", evil, evil).replace("summary: s", "summary: " + evil));
    for (String form : new String[] {"table", "json", "yaml", "sarif", "junit", "github"}) {
      Run run = Run.of("exposure", "OWN-1", "--catalogue", file, SANDBOX, "-o", form);
      String said = run.out() + run.err();
      assertThat(said).as(form).doesNotContain("\u001b", "\r", "\nerror: forged");
      // In JSON a text is whole: what shows it escapes it.
      if (!List.of("json", "sarif").contains(form)) {
        assertThat(said).as(form).doesNotContain("\u0085", "\u2028", "\u202e");
      }
      assertThat(said).as(form).contains("forged").doesNotContain("\n::error::y");
    }
    assertThat(Run.of("exposure", "--catalogue", file).out()).doesNotContain("\u001b", "\u2028");
  }

  /// What is printed is applied: a title is a part of a comment, and an id of a name.
  @Test
  void nothingOfAnEntryBecomesAnObject() throws IOException {
    String evil = "\"x\\n---\\nkind: ClusterRoleBinding\\u2028kind: Secret\\u0085a: b\"";
    String file = file(entry("OWN.-_1-.", evil, evil));
    Run run =
        Run.of(
            "exposure", "OWN.-_1-.", "--catalogue", file, "--close", "--runtime-default", SANDBOX);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("\n  name: default-own-1\n")
        .doesNotContain("\nkind: ClusterRoleBinding\u2028", "\u2028", "\u0085");
    assertThat(Documents.read(run.out().getBytes(StandardCharsets.UTF_8), Limits.MANIFEST))
        .isInstanceOfSatisfying(
            ParseResult.Documents.class,
            read ->
                assertThat(read.values())
                    .extracting(value -> ((dev.portcullis.documents.Mapping) value).get("kind"))
                    .hasSize(4));
  }
}
