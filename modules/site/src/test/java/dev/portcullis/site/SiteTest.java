package dev.portcullis.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The site of this checkout.
class SiteTest {
  private static final Path ROOT = Path.of("");
  private static final Pattern WAY = Pattern.compile(" (?:href|action)=\"([^\"]*)\"");
  private static final Pattern PLACE = Pattern.compile(" id=\"([^\"]+)\"");

  private static Site site = new Site(Map.of(), List.of());

  @BeforeAll
  static void make() throws IOException {
    site = Site.of(ROOT);
  }

  @Test
  void noDocumentHasADeadLinkOrHtml() {
    assertThat(site.problems()).isEmpty();
    assertThat(site.pages()).hasSizeGreaterThan(100);
  }

  @Test
  void everyDocumentHasItsPage() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      Stream.concat(docs, top).filter(it -> it.toString().endsWith(".md")).forEach(documents::add);
    }
    assertThat(documents).hasSizeGreaterThan(80);
    for (Path document : documents) {
      String path = ROOT.relativize(document).toString();
      String page =
          site.pages()
              .getOrDefault(SiteAddress.ofDocument(path), "")
              .replaceAll("</?code[^>]*>", "")
              .replace("&quot;", "\"");
      String title = Files.readAllLines(document).getFirst().substring(2).replace("`", "");
      assertThat(page).as(path).contains("<main id=\"main\">").contains(title + "</h1>");
    }
  }

  /// Read from the pages as they are, and not from what made them.
  @Test
  void everyWayLeadsToAPlace() {
    Map<String, Set<String>> places =
        site.pages().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    page ->
                        PLACE
                            .matcher(page.getValue())
                            .results()
                            .map(it -> it.group(1))
                            .collect(Collectors.toSet())));
    List<String> dead = new ArrayList<>();
    int[] ways = {0};
    site.pages()
        .forEach((address, html) ->
            WAY.matcher(html)
                .results()
                .map(it -> it.group(1))
                .filter(it -> !it.startsWith("https://") && !it.startsWith("http://"))
                .forEach(way -> {
                  ways[0]++;
                  URI to = URI.create("s:///" + address).resolve(way);
                  Set<String> there = places.get(to.getPath().substring(1));
                  if (there == null
                      || (to.getFragment() != null && !there.contains(to.getFragment()))) {
                    dead.add(address + ": " + way);
                  }
                }));
    assertThat(dead).isEmpty();
    assertThat(ways[0]).isGreaterThan(3_000);
  }

  @Test
  void noPageLoadsAnything() {
    site.pages()
        .forEach((address, html) -> {
          assertThat(html)
              .as(address)
              .contains("content=\"default-src 'none'; base-uri 'none'; form-action 'self' file:")
              .doesNotContainPattern("<(link|iframe|object|embed|base)[ >]")
              .doesNotContainPattern(" src=\"(?!data:image/png;)")
              .doesNotContainPattern(" style=\"| on[a-z]+=\"")
              .doesNotContainPattern("url\\(|@import");
          assertThat(html.contains("<script"))
              .as(address)
              .isEqualTo(address.equals(PageFrame.SEARCH));
        });
  }

  @Test
  void theSameCheckoutMakesTheSameBytes() throws IOException {
    assertThat(Site.of(ROOT).pages()).isEqualTo(site.pages());
  }

  @Test
  void theSearchHasTheWordsOfEverySection() throws IOException {
    String page = site.pages().getOrDefault(PageFrame.SEARCH, "");
    String begin = "id=\"sections\">";
    int at = page.indexOf(begin) + begin.length();
    String json = page.substring(at, page.indexOf("</script>", at));
    if (!(Documents.readJson(json.getBytes(StandardCharsets.UTF_8), Limits.MANIFEST)
            instanceof ParseResult.Documents(List<Value> values)
        && values.getFirst() instanceof Sequence sections)) {
      throw new AssertionError("the index is no list");
    }
    assertThat(sections.items().size()).isGreaterThan(300);
    Map<String, String> texts =
        sections.items().stream()
            .map(Mapping.class::cast)
            .collect(Collectors.toMap(it -> text(it, "address"), it -> text(it, "text")));
    assertThat(texts.get("docs/policy.html#stricter-than")).contains("stricterThan");
    assertThat(texts.get("docs/node.html")).contains("a proxy between a kubelet and its runtime");
    // Of a table, of a block of code, and of a list.
    assertThat(texts.get("ARCHITECTURE.html#glossary")).contains("profile root");
    assertThat(texts.get("index.html#run-pods-on-one-machine"))
        .contains("./portcullis run --seccomp-profile-root", "It looks for a JDK 25 in");
  }

  private static String text(Mapping section, String key) {
    return section.present(key) instanceof Value.Text(_, String text) ? text : "";
  }
}
