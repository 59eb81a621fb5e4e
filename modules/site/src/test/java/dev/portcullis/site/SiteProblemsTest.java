package dev.portcullis.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A small checkout, in which something is wrong.
class SiteProblemsTest {
  @TempDir private Path root;

  @BeforeEach
  void aSoundCheckout() throws IOException {
    file("pom.xml", "<project>\n  <version>7.8.9</version>\n</project>\n");
    file("docs/navigation.txt", "Group\n  README.md\n  docs/a.md A page\n");
    file("README.md", "# Top\n\n## Here\n");
    file("docs/a.md", "# A\n");
    file("examples/pod.yaml", "kind: Pod # <script>\n");
    file("examples/deep/x.txt", "x\n");
    file("target/made.txt", "made\n");
    Files.write(root.resolve("docs/a.png"), new byte[] {1, 2, 3});
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> problems() throws IOException {
    Site site = Site.of(root);
    assertThat(site.pages().isEmpty()).isEqualTo(!site.problems().isEmpty());
    return site.problems().stream().map(SiteProblem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "[x](b.md) -> there is no file docs/b.md",
        "[x](../README.md#there) -> no heading of README.md has the anchor #there",
        "[x](#there) -> no heading of docs/a.md has the anchor #there",
        "[x](..#there) -> no heading of README.md has the anchor #there",
        "[x](README.md) -> there is no file docs/README.md",
        "[x](../examples/pod.yml) -> there is no file examples/pod.yml",
        "[x](../examples/pod.yaml#L1) -> examples/pod.yaml is no document, and has no anchors: #L1",
        "[x](../target/made.txt) -> there is no file target/made.txt",
        "[x](../../other/README.md) -> leads out of the repository",
        "[x](/README.md) -> no path from this document; write one, as ../README.md",
        "[x](//example.com/a) -> no path from this document; write one, as ../README.md",
        "[x](javascript:alert) -> neither https nor a file of the repository",
        "[x](data:text/html;a) -> neither https nor a file of the repository",
        "[x](https:a) -> neither https nor a file of the repository",
        "[x][y]~~[y]: b.md -> there is no file docs/b.md",
        "| a |~| - |~| [x](b.md) | -> there is no file docs/b.md",
        "![x](b.png) -> there is no file docs/b.png",
        "![x](../examples/pod.yaml) -> examples/pod.yaml is no picture in PNG",
        "![x](https://example.com/a.png) -> an image of another site; the site loads nothing: copy it"
      })
  void aLinkThatLeadsNowhere(String text, String why) throws IOException {
    String written = text.replace('~', '\n');
    file("docs/a.md", "# A\n\nbefore\n\n" + written + "\n");
    int line = written.startsWith("| a |") ? 7 : 5;
    assertThat(problems())
        .hasSize(1)
        .allSatisfy(
            it -> assertThat(it).startsWith("docs/a.md:" + line + ": the link \"").endsWith(why));
  }

  @Test
  void linksThatLeadSomewhere() throws IOException {
    file(
        "docs/a.md",
        "# A\n\n[a](#a) [b](../README.md#here) [c](../examples/pod.yaml) [d](../examples)"
            + " [e](https://example.com/a?b#c) [f](..) ![g](a.png) [h](a.md)\n");
    Site site = Site.of(root);
    assertThat(site.problems()).isEmpty();
    assertThat(site.pages().keySet())
        .containsExactly(
            "docs/a.html",
            "examples/deep/index.html",
            "examples/deep/x.txt.html",
            "examples/index.html",
            "examples/pod.yaml.html",
            "index.html",
            "search.html");
    assertThat(site.pages().get("docs/a.html"))
        .contains(
            "<a href=\"#a\">a</a>",
            "<a href=\"../index.html#here\">b</a>",
            "<a href=\"../examples/pod.yaml.html\">c</a>",
            "<a href=\"../examples/index.html\">d</a>",
            "<a href=\"https://example.com/a?b#c\" rel=\"noreferrer\">e</a>",
            "<a href=\"../index.html\">f</a>",
            "src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})
                + "\"",
            "<a href=\"#main\">h</a>",
            "<a rel=\"prev\" href=\"../index.html\">Before: Top</a>");
    assertThat(site.pages().get("examples/pod.yaml.html")).contains("kind: Pod # &lt;script&gt;");
    assertThat(site.pages().get("index.html")).contains("7.8.9").doesNotContain("<script");
  }

  @Test
  void theNavigationNamesEachDocumentOnce() throws IOException {
    file("docs/deep/b.md", "# B\n");
    file("docs/navigation.txt", "  README.md\nGroup\n  README.md\n  docs/c.md\n  README.md\n");
    assertThat(problems())
        .containsExactly(
            "docs/a.md:1: has no place on the site; give it one in docs/navigation.txt",
            "docs/deep/b.md:1: has no place on the site; give it one in docs/navigation.txt",
            "docs/navigation.txt:1: before any group; name one at the left",
            "docs/navigation.txt:4: docs/c.md is neither a document nor a directory",
            "docs/navigation.txt:5: README.md is named twice");
  }

  @Test
  void aLinkedDocumentHasAPlace() throws IOException {
    file("examples/b.md", "# B\n");
    file("docs/a.md", "# A\n\n[b](../examples/b.md)\n");
    assertThat(problems())
        .containsExactly(
            "docs/a.md:3: the link \"../examples/b.md\": examples/b.md has no place on the site;"
                + " give it one in docs/navigation.txt");
  }

  @Test
  void whatCannotBeShownEndsIt() throws IOException {
    Files.write(root.resolve("examples/pod.yaml"), new byte[] {(byte) 0xff});
    assertThat(Site.of(root).problems()).isEmpty();
    file("docs/a.md", "# A\n\n[b](../examples/pod.yaml)\n");
    assertThatThrownBy(() -> Site.of(root))
        .isInstanceOf(IOException.class)
        .hasMessage("examples/pod.yaml is not text in UTF-8");
  }

  @Test
  void onlyAnEmptyDirectoryIsWritten(@TempDir Path out) throws IOException {
    Site site = Site.of(root);
    site.write(out.resolve("a/b"));
    assertThat(out.resolve("a/b/docs/a.html")).content().isEqualTo(site.pages().get("docs/a.html"));
    assertThatThrownBy(() -> site.write(out.resolve("a/b")))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("is not empty: name another directory, or empty it");
  }

  /// The end of a script in a text would end the block with what is searched in.
  @Test
  void noTextEndsTheIndex() throws IOException {
    file("docs/a.md", "# A\n\n`</script><script>alert(1)</script>`\n");
    Site site = Site.of(root);
    assertThat(site.problems()).isEmpty();
    assertThat(site.pages().get("search.html"))
        .contains("\\u003c/script>\\u003cscript>alert(1)")
        .doesNotContain("<script>alert");
  }
}
