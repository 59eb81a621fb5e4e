package dev.portcullis.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlPageTest {
  private static final Pattern TAG = Pattern.compile("</?([^\\s>]*)([^>]*)>");
  private static final Pattern ATTRIBUTE = Pattern.compile("([a-zA-Z:-]+)=\"([^\"]*)\"");
  private static final Set<String> WITHOUT_END = Set.of("!DOCTYPE", "meta");

  private static String body(String page) {
    return page.substring(page.indexOf("</style>") + "</style>".length());
  }

  private static Set<String> tags(String page) {
    Set<String> tags = new TreeSet<>();
    TAG.matcher(body(page)).results().map(tag -> tag.group(1)).forEach(tags::add);
    return tags;
  }

  private static Set<String> attributes(String page) {
    Set<String> names = new TreeSet<>();
    ATTRIBUTE.matcher(body(page)).results().map(each -> each.group(1)).forEach(names::add);
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><style>*{display:none}</style>",
        "<!-- -->]]><![CDATA[",
        "&lt;b&gt;&#x202e;",
        "javascript:alert(1)",
        "{{constructor}}${7*7}",
        "\u2028\u2029\u0000\u001b[31m\u0085",
        "\u202eevil\u202c\u2066x\u2069\u200b",
        "\ud800 alone"
      })
  void whatANameHoldsStaysText(String name) {
    String page = HtmlPage.of(SampleReports.of(name));
    String plain = HtmlPage.of(SampleReports.of("name"));
    assertThat(tags(page)).isEqualTo(tags(plain));
    assertThat(attributes(page)).isEqualTo(attributes(plain));
    assertThat(TAG.matcher(page).results().count()).isEqualTo(TAG.matcher(plain).results().count());
    assertThat(page.codePoints().filter(point -> point != '\n').boxed())
        .noneMatch(point ->
            switch (Character.getType(point)) {
              case Character.CONTROL,
                  Character.FORMAT,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR,
                  Character.SURROGATE ->
                  true;
              default -> false;
            });
  }

  @Test
  void whatIsHiddenInANameIsShown() {
    assertThat(HtmlPage.of(SampleReports.of("a\u202eb"))).contains("a\\u{202e}b");
  }

  @Test
  void aLongNameIsShortened() {
    String page = HtmlPage.of(SampleReports.of("long".repeat(100_000)));
    assertThat(page.length()).isLessThan(200_000);
    assertThat(page).contains("longlo…glong");
  }

  @Test
  void everyElementEnds() {
    String page = HtmlPage.of(SampleReports.of("name"));
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(page);
    while (tag.find()) {
      if (WITHOUT_END.contains(tag.group(1)) || tag.group(2).endsWith("/")) {
        continue;
      }
      if (tag.group().startsWith("</")) {
        assertThat(open.pop()).isEqualTo(tag.group(1));
      } else {
        open.push(tag.group(1));
      }
    }
    assertThat(open).isEmpty();
  }

  @Test
  void itNeedsNothingElse() {
    String page = HtmlPage.of(SampleReports.many(10));
    assertThat(tags(page))
        .contains("a", "svg")
        .doesNotContain("script", "img", "link", "iframe", "object", "base", "form", "use");
    assertThat(page).doesNotContain("@import").doesNotContain("src=").doesNotContain("://");
    assertThat(Pattern.compile("url\\(([^)]*)\\)").matcher(page).results())
        .extracting(found -> found.group(1))
        .allMatch(to -> to.startsWith("#"));
    assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(page).results())
        .extracting(found -> found.group(1))
        .isNotEmpty()
        .allMatch(to -> to.startsWith("#") && page.contains("id=\"" + to.substring(1) + "\""));
  }

  /// A browser drops a style whose digest is another one, and the page with it.
  @Test
  void itsPolicyNamesItsStyle() throws NoSuchAlgorithmException {
    String page = HtmlPage.of(SampleReports.many(1));
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    String digest =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8)));
    assertThat(page)
        .contains("default-src &#39;none&#39;")
        .contains("style-src &#39;sha256-" + digest + "&#39;");
    assertThat(body(page)).doesNotContain(" style=");
  }

  @Test
  void itStaysSmall() {
    String page = HtmlPage.of(SampleReports.many(5_000));
    assertThat(page.length()).isLessThan(400_000);
    assertThat(page)
        .contains("<strong>1,667</strong> of 5,000")
        .contains("Shown are the first 150; -o json has all of them.")
        .contains("Shown are the 60 with the most containers without a filter.");
  }

  @Test
  void everyPictureHasWords() {
    String page = HtmlPage.of(SampleReports.of("name"));
    List<MatchResult> pictures = Pattern.compile("<svg ([^>]*)>").matcher(page).results().toList();
    assertThat(pictures)
        .hasSizeGreaterThan(5)
        .allMatch(svg ->
            svg.group(1).contains("aria-hidden=\"true\"")
                || svg.group(1).matches(".*role=\"img\" aria-label=\"[^\"]+\".*"));
  }

  private static String cells(WorkloadContainer container) {
    String page =
        HtmlPage.of(
            new SeccompReport(
                SampleReports.basis("shop"),
                List.of(
                    new Workload(
                        "shop", "v1", "Pod", List.of(""), 1, "", List.of(), List.of(container))),
                List.of(),
                Access.UNKNOWN,
                List.of(SampleReports.exposure("CVE-1"), SampleReports.exposure("CVE-2")),
                List.of(),
                List.of()));
    return page.substring(page.indexOf("<section id=\"workloads\">"))
        .replaceAll("(?s)</section>.*", "");
  }

  @Test
  void whatIsUndecidedIsNotShownAsClosed() {
    assertThat(
            cells(
                new WorkloadContainer(
                    "app",
                    SampleReports.DEFAULT,
                    SampleReports.DEFAULT,
                    List.of("CVE-1"),
                    List.of("CVE-2"))))
        .contains("1 of 2<span class=\"meaning\">CVE-1; unknown: CVE-2</span>");
    assertThat(
            cells(
                new WorkloadContainer(
                    "app",
                    SampleReports.DEFAULT,
                    SampleReports.DEFAULT,
                    List.of(),
                    List.of("CVE-1", "CVE-2"))))
        .contains("<td class=\"number\">unknown</td>");
  }

  /// Nothing was asked about it.
  @Test
  void onWindowsNothingIsSaidOfCalls() {
    Confinement windows =
        new Confinement(Confinement.State.UNCONFINED, "unconfined", "windows", "");
    assertThat(cells(new WorkloadContainer("app", windows, windows, List.of(), List.of())))
        .contains("<td class=\"number\">-</td>");
  }

  @Test
  void aPodWithoutANameIsCalledSo() {
    WorkloadContainer app =
        new WorkloadContainer(
            "app", SampleReports.DEFAULT, SampleReports.DEFAULT, List.of(), List.of());
    assertThat(cells(app)).contains("<span class=\"name\">(without a name)</span>");
  }

  private static SeccompReport refused(RefusalAccount.Call... calls) {
    SeccompReport plain = SampleReports.many(3);
    return new SeccompReport(
        plain.basis(),
        plain.workloads(),
        List.of(),
        Access.UNKNOWN,
        List.of(),
        new RefusalAccount(
            true,
            List.of(SampleReports.refused(plain.workloads().getFirst(), calls)),
            new RefusalAccount.Elsewhere(0, List.of()),
            0),
        List.of(),
        List.of());
  }

  /// The line is as long as all the time, and the call's part of it as its own.
  @Test
  void aCallLiesInItsTime() {
    String page =
        HtmlPage.of(
            refused(
                SampleReports.call("mkdir", 5, SampleReports.span(0, 100)),
                SampleReports.call("mount", 2, SampleReports.span(50, 75))));
    assertThat(page)
        .contains(
            "<rect class=\"fill-refused\" x=\"0\" y=\"3\" width=\"988\" height=\"6\">",
            "<rect class=\"fill-refused\" x=\"494\" y=\"3\" width=\"247\" height=\"6\">",
            "aria-label=\"first 2026-11-30 20:00:50, last 2026-11-30 20:01:15 UTC\"",
            "2026-11-30 20:00:50 to 20:01:15</span>");
  }

  @Test
  void aCallWithoutATimeHasNoLine() {
    String page =
        HtmlPage.of(
            refused(
                new RefusalAccount.Call("mkdir", "x86_64", false, "EPERM", false, 5, null),
                SampleReports.call("mount", 2, SampleReports.span(50, 75))));
    assertThat(page).contains("<td>not known</td>");
    assertThat(Pattern.compile("class=\"timeline\"").matcher(page).results()).hasSize(1);
  }

  @Test
  void whereNobodyWasAskedNothingIsSaidOfRefusedCalls() {
    assertThat(HtmlPage.of(SampleReports.many(3))).doesNotContain("refused-calls\"");
  }

  @Test
  void manyContainersWithRefusedCallsStaySmall() {
    SeccompReport plain = SampleReports.many(5_000);
    List<RefusalAccount.OfContainer> all =
        plain.workloads().stream()
            .map(each ->
                SampleReports.refused(
                    each, SampleReports.call("mkdir", 5, SampleReports.span(0, 100))))
            .toList();
    String page =
        HtmlPage.of(
            new SeccompReport(
                plain.basis(),
                plain.workloads(),
                List.of(),
                Access.UNKNOWN,
                List.of(),
                new RefusalAccount(true, all, new RefusalAccount.Elsewhere(0, List.of()), 0),
                List.of(),
                List.of()));
    assertThat(page.length()).isLessThan(450_000);
    assertThat(page).contains("Shown are the first 40 containers; -o json has all of them.");
  }
}
