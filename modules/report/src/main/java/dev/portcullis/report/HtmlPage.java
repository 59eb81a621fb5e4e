package dev.portcullis.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.SeccompReport.Basis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A report as one page of HTML that needs nothing else: no network, no script. Its policy for
/// content lets a browser use the style of this module, and nothing besides.
public final class HtmlPage {
  private static final String STYLE = style();

  private final SeccompReport report;
  private final Markup page = new Markup();

  private HtmlPage(SeccompReport report) {
    this.report = report;
  }

  /// The page.
  public static String of(SeccompReport report) {
    HtmlPage made = new HtmlPage(report);
    made.write();
    return made.page.toString();
  }

  private void write() {
    head();
    page.open("body").line();
    page.element("a", "Skip to the report", "class", "skip", "href", "#main").line();
    patterns();
    header();
    navigation();
    page.open("main", "id", "main").line();
    new HeadlineSection(report).write(page);
    new PrioritySection(Priorities.of(report)).write(page);
    new NamespaceSection(report).write(page);
    new WorkloadSection(report).write(page);
    new RefusedCallSection(report.refused()).write(page);
    new ProfileSection(report).write(page);
    new ExposureSection(report.exposure()).write(page);
    new AccessSection(report).write(page);
    basis();
    page.close("main").line();
    page.close("body").close("html").line();
  }

  private void head() {
    page.constant("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").line();
    page.constant("<meta charset=\"utf-8\">\n");
    page.open(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
                + digest(STYLE)
                + "'")
        .line();
    page.constant("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .constant("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .constant("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.element("title", "Seccomp report: " + Words.shortened(report.basis().subject())).line();
    page.open("style").constant(STYLE).close("style").line();
    page.close("head").line();
  }

  /// Fills that are told apart without colours.
  private void patterns() {
    page.constant(
        """
        <svg class="defs" width="0" height="0" aria-hidden="true"><defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/><rect width="2.5" height="6" class="hatch-line"/></pattern>
        </defs></svg>
        """);
  }

  private void header() {
    Basis basis = report.basis();
    page.open("header");
    page.element("p", "Portcullis", "class", "brand");
    page.element("h1", "Seccomp report");
    page.open("p", "class", "subject")
        .text(basis.cluster() ? "What runs in " : "What is in ")
        .element("strong", Words.shortened(basis.subject()))
        .text(", as ")
        .text(basis.kubernetes())
        .text(" runs it, and as Portcullis would.")
        .close("p");
    page.open("p", "class", "made")
        .text("Made ")
        .element(
            "time", basis.made().replace("T", " ").replace("Z", " UTC"), "datetime", basis.made())
        .text(" by Portcullis " + basis.version())
        .close("p");
    page.close("header").line();
  }

  private void navigation() {
    page.open("nav", "aria-label", "Sections").open("ul");
    for (String[] each :
        new String[][] {
          {"summary", "Summary"},
          {"first", "What to do first"},
          {"namespaces", "Namespaces"},
          {"workloads", "Workloads"},
          {"refused-calls", "Refused calls"},
          {"profiles", "Profiles"},
          {"exposure", "Exposure"},
          {"access", "Who may use what"},
          {"basis", "How this was made"}
        }) {
      if (each[0].equals("refused-calls") && !report.refused().known()) {
        continue;
      }
      page.open("li").element("a", each[1], "href", "#" + each[0]).close("li");
    }
    page.close("ul").close("nav").line();
  }

  private void basis() {
    Basis basis = report.basis();
    page.open("section", "id", "basis").element("h2", "How this was made").open("dl");
    List<String[]> facts = new ArrayList<>();
    facts.add(new String[] {"Today", basis.kubernetes() + " without Portcullis"});
    facts.add(
        new String[] {
          "runtime/default",
          basis.runtimeDefault().isEmpty() ? "not known" : "taken to be " + basis.runtimeDefault()
        });
    facts.add(
        new String[] {
          "Policies", basis.policies().isEmpty() ? "none were given" : basis.policies()
        });
    facts.add(new String[] {"Who creates the pods", basis.requester()});
    facts.add(
        new String[] {
          "Not looked at",
          "the kernel of the nodes and its modules, sysctls, AppArmor, SELinux. \"Closed\" is said"
              + " of the calls that lead to a vulnerability, and of nothing else."
        });
    for (String[] fact : facts) {
      page.element("dt", fact[0]).element("dd", fact[1]);
    }
    page.close("dl");
    notes("Notes", report.notes());
    notes("Not read", report.errors());
    page.close("section").line();
  }

  private void notes(String title, List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    page.element("h3", title).open("ul");
    for (String note : notes.subList(0, Math.min(MOST_NOTES, notes.size()))) {
      page.element("li", Words.shortened(note, LONGEST_NOTE));
    }
    if (notes.size() > MOST_NOTES) {
      page.element("li", "and " + Words.number(notes.size() - MOST_NOTES) + " more");
    }
    page.close("ul");
  }

  private static final int MOST_NOTES = 30;
  private static final int LONGEST_NOTE = 600;

  /// A small square in the colour of a state, and its word.
  static void state(State state, Markup page) {
    page.open("span", "class", "state");
    swatch(state.id(), page);
    page.text(state.title()).close("span");
  }

  /// A small square.
  static void swatch(String style, Markup page) {
    page.open("svg", "class", "swatch", "viewBox", "0 0 12 12", "aria-hidden", "true")
        .open("rect", "class", "fill-" + style, "width", "12", "height", "12", "rx", "2")
        .close("rect")
        .close("svg");
  }

  private static String style() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
      if (in == null) {
        throw new IllegalStateException("the module lacks page.css");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("page.css", broken);
    }
  }

  private static String digest(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
