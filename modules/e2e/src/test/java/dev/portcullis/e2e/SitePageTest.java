package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The site that tools/site writes, from its files, in a real browser.
class SitePageTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();

  @TempDir private static Path directory;

  private static Path site = Path.of("");
  private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    chromium = Chromium.start(directory);
    site = directory.resolve("site");
    assertThat(write(site)).isZero();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private static int write(Path target) throws Exception {
    Process process =
        new ProcessBuilder(REPOSITORY.resolve("tools/site").toString(), target.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("site.log").toFile())
            .start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroy();
    }
    return process.waitFor();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(site)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String count() throws Exception {
    return chromium.evaluate("document.getElementById('count').textContent");
  }

  @Test
  void everyPageIsQuietAndFitsAPhone() throws Exception {
    chromium.show("screen", "light", 360);
    assertThat(pages()).hasSizeGreaterThan(100);
    for (Path page : pages()) {
      chromium.open(page);
      Pages.assertQuiet(chromium);
      Pages.assertNoWiderThanTheWindow(chromium);
    }
  }

  @ParameterizedTest
  @CsvSource({"screen,light,1400", "screen,dark,1000", "screen,light,360", "print,dark,800"})
  void itCanBeRead(String media, String scheme, int width) throws Exception {
    chromium.show(media, scheme, width);
    for (String page : List.of("index.html", "docs/policy.html", "search.html?q=profile")) {
      chromium.open(site, page);
      Pages.assertQuiet(chromium);
      Pages.assertLegible(chromium);
      // The style is there, so its digest is the one of the page's policy.
      assertThat(chromium.evaluate("getComputedStyle(document.body).marginTop")).isEqualTo("0px");
    }
  }

  /// From a page to the search, and from there to what was looked for, by keys alone.
  @Test
  void theSearchFindsWordsByTheKeyboard() throws Exception {
    chromium.show("screen", "light", 1400);
    chromium.open(site, "docs/decisions/index.html");
    chromium.tab();
    assertThat(chromium.evaluate("document.activeElement.textContent"))
        .isEqualTo("Skip to the text");
    chromium.tab();
    chromium.tab();
    assertThat(chromium.evaluate("document.activeElement.name")).isEqualTo("q");
    assertThat(chromium.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    chromium.type("seccompDefault kubelet");
    chromium.enter();
    Pages.assertQuiet(chromium);
    assertThat(chromium.evaluate("location.href")).contains("/search.html?q=seccompDefault+");
    assertThat(count()).matches("[0-9]+ sections.*");
    assertThat(chromium.evaluate("document.querySelector('#results mark').textContent"))
        .matches("(?i)seccompDefault|kubelet");

    // More is typed: what is found is less, at once.
    assertThat(chromium.evaluate("document.activeElement.id")).isEqualTo("q");
    chromium.evaluate("document.activeElement.select()");
    chromium.type("no-such-word-anywhere");
    assertThat(count()).isEqualTo("Nothing has all of these words.");
    chromium.evaluate("document.activeElement.select()");
    chromium.type("what the kernel reports");
    assertThat(chromium.evaluate("document.querySelector('#results a').textContent"))
        .isEqualTo("The node › What the kernel reports");
    for (int i = 0; i < 10; i++) {
      chromium.tab();
      if (chromium.evaluate("document.activeElement.matches('#results a')").equals("true")) {
        break;
      }
    }
    chromium.enter();
    assertThat(chromium.evaluate("location.href"))
        .endsWith("/docs/node.html#what-the-kernel-reports");
    assertThat(chromium.evaluate("document.querySelector(':target').tagName")).isEqualTo("H2");
    Pages.assertQuiet(chromium);
  }

  /// Anyone who sends a link to the search sends text, and nothing that runs.
  @Test
  void whatIsLookedForDoesNotRun() throws Exception {
    chromium.show("screen", "light", 1400);
    chromium.open(site, "search.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    Pages.assertQuiet(chromium);
    assertThat(chromium.evaluate("document.querySelectorAll('main img').length")).isEqualTo("0");
    assertThat(chromium.evaluate("document.getElementById('q').value"))
        .isEqualTo("<img src=x onerror=alert(1)>");
    // What gets into the page all the same does not run, nor does it load anything.
    chromium.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">'"
            + " + '<iframe src=\"index.html\"></iframe>')");
    Wait.until(
        "the policy refuses it",
        () -> chromium.events("Log.entryAdded").toString().contains("Content Security Policy"));
    assertThat(chromium.evaluate("window.ran")).isEqualTo("undefined");
  }

  /// The list of all pages is out of the way there, and comes when it is asked for.
  @Test
  void aPhoneShowsTheListOfPagesOnDemand() throws Exception {
    String shown = "getComputedStyle(document.getElementById('pages')).display";
    chromium.show("screen", "light", 360);
    chromium.open(site, "docs/policy.html");
    assertThat(chromium.evaluate(shown)).isEqualTo("none");
    chromium.evaluate("document.querySelector('header .menu').click()");
    assertThat(chromium.evaluate(shown)).isEqualTo("block");
    chromium.evaluate("document.querySelector('#pages .menu').click()");
    assertThat(chromium.evaluate(shown)).isEqualTo("none");
  }

  @Test
  void whatIsThereStays() throws Exception {
    Path taken = Files.createDirectory(directory.resolve("taken"));
    Files.writeString(taken.resolve("mine"), "mine");
    assertThat(write(taken)).isEqualTo(3);
    assertThat(directory.resolve("site.log")).content().contains("is not empty");
    assertThat(taken.resolve("mine")).hasContent("mine");
    assertThat(taken.resolve("index.html")).doesNotExist();
  }
}
