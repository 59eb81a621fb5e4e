package dev.portcullis.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkdownDocumentTest {
  private static MarkdownDocument read(String text, List<SiteProblem> problems) {
    return MarkdownDocument.read("docs/a.md", text, problems);
  }

  @ParameterizedTest
  @CsvSource({
    "4, '# T\n\ntext\n<script>alert(1)</script>\n'",
    "5, '# T\n\ntext\n\n<div onclick=x>\n</div>\n'",
    "3, '# T\n\nan <img src=x onerror=alert(1)> in it\n'",
    "3, '# T\n\n<!-- a comment -->\n'",
    "5, '# T\n\n| a |\n| - |\n| <b>bold</b> |\n'"
  })
  void htmlIsRefusedAndIsTextAllTheSame(int line, String text) {
    List<SiteProblem> problems = new ArrayList<>();
    String html = read(text, problems).html();
    assertThat(problems).isNotEmpty();
    assertThat(problems.getFirst().line()).isEqualTo(line);
    assertThat(problems.getFirst().message()).startsWith("HTML in a document: <");
    assertThat(html).doesNotContain("<script", "<div o", "<img", "<!--", "<b>").contains("&lt;");
  }

  @Test
  void whatLooksLikeHtmlInCodeIsCode() {
    List<SiteProblem> problems = new ArrayList<>();
    String html =
        read("# T\n\n`<path>`\n\n```\n<table></table>\n```\n\n[\"](x\"y.md 'a\"b')\n", problems)
            .html();
    assertThat(problems).isEmpty();
    assertThat(html)
        .contains("&lt;path&gt;", "&lt;table&gt;&lt;/table&gt;", "title=\"a&quot;b\"")
        .doesNotContain("class=\"scroll\"");
  }

  @Test
  void headingsTablesAndSections() {
    List<SiteProblem> problems = new ArrayList<>();
    MarkdownDocument document =
        read(
            "# The `title`\n\nfirst\nsecond\n\n## Part\n\n| a | b |\n| - | - |\n| x | `y` |\n\n"
                + "```\ncode\n```\n\n## Part\n",
            problems);
    assertThat(problems).isEmpty();
    assertThat(document.title()).isEqualTo("The title");
    assertThat(document.sections())
        .containsExactly(
            new DocumentSection(1, "The title", "the-title", "first second"),
            new DocumentSection(2, "Part", "part", "a b x y code"),
            new DocumentSection(2, "Part", "part-1", ""));
    assertThat(document.html())
        .contains(
            "<h2 id=\"part\">Part</h2>",
            "<h2 id=\"part-1\">",
            "<div class=\"scroll\"><table>",
            "<th scope=\"col\">a</th>",
            "<td><code class=\"short\">y</code></td>");
  }

  @Test
  void aTitleIsWanted() {
    List<SiteProblem> problems = new ArrayList<>();
    read("text\n", problems);
    assertThat(problems)
        .extracting(SiteProblem::toString)
        .containsExactly("docs/a.md:1: begins without a title; write one: # Title");
  }
}
