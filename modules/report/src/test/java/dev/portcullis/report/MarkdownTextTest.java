package dev.portcullis.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTextTest {
  private static List<String> shape(String text) {
    return text.lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> line.replaceAll("[^|]", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a|b",
        "`code`",
        "<script>alert(1)</script>",
        "@everybody",
        "a\nb",
        "\u2028\u202e",
        "[x](https://evil.example)",
        "https://evil.example",
        "www.evil.example",
        "# heading",
        "$\\\\alpha$",
        "%%x%%",
        "[^note]",
        ":skull:",
        "mailto:a"
      })
  void whatANameHoldsStaysText(String name) {
    String text = MarkdownText.of(SampleReports.of(name));
    assertThat(shape(text)).isEqualTo(shape(MarkdownText.of(SampleReports.of("name"))));
    // In code spans everything is text; what stands outside of them must be none of this.
    assertThat(text.replaceAll("`[^`]*`", ""))
        .doesNotContain("@", "](", "https://", "www.evil", "\u2028", "\u202e")
        .doesNotContainPattern("(?<!\\\\)(<script|\\$|%|\\^|:skull|mailto:)")
        .doesNotContainPattern("(?m)^# heading");
  }

  @Test
  void itSaysTheFigures() {
    assertThat(MarkdownText.of(SampleReports.many(5_000)))
        .contains(
            "**1,667 of 5,000 containers that run have no filter today; with Portcullis 0 of"
                + " 5,000.**")
        .contains("and 250 more");
  }

  @Test
  void aCommandStaysShort() {
    assertThat(MarkdownText.of(SampleReports.of("a".repeat(100_000))).lines())
        .allMatch(line -> line.length() < 2_000);
  }

  @Test
  void whatIsUndecidedIsShown() {
    SeccompReport report =
        new SeccompReport(
            SampleReports.basis("shop"),
            List.of(),
            List.of(),
            Access.UNKNOWN,
            List.of(SampleReports.exposure("CVE-1")),
            List.of(),
            List.of());
    assertThat(MarkdownText.of(report))
        .contains("| `CVE-1` | `a fault` | 1 reachable, 1 unknown | 2 closed |");
  }

  private static Workload in(String namespace, Confinement today) {
    return new Workload(
        namespace,
        "v1",
        "Pod",
        List.of("a"),
        1,
        "",
        List.of(),
        List.of(new WorkloadContainer("app", today, SampleReports.DEFAULT, List.of(), List.of())));
  }

  @Test
  void theWorstNamespaceComesFirst() {
    SeccompReport report =
        new SeccompReport(
            SampleReports.basis("shop"),
            List.of(in("a", SampleReports.DEFAULT), in("z", SampleReports.NO_FILTER)),
            List.of(),
            Access.UNKNOWN,
            List.of(),
            List.of(),
            List.of());
    assertThat(MarkdownText.of(report))
        .containsSubsequence("| `z` | 1 | 1 | 0 | 0 |", "| `a` | 1 | 0 | 0 | 0 |");
  }
}
