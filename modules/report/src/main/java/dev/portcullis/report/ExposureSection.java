package dev.portcullis.report;

import java.util.List;

/// Which vulnerabilities of the kernel containers reach.
record ExposureSection(List<Exposure> exposure) {
  void write(Markup page) {
    page.open("section", "id", "exposure").element("h2", "Exposure").line();
    page.element(
        "p",
        "Vulnerabilities of the kernel, and how many containers may make the calls that lead to"
            + " them, by their filters and rights. Whether a node's kernel has the fault is not"
            + " looked at.",
        "class",
        "lead");
    page.open("ul", "class", "key");
    for (String[] each :
        new String[][] {
          {"reachable", "reachable"},
          {"in-part", "only by calls of another architecture"},
          {"unknown", "unknown"},
          {"closed", "closed"}
        }) {
      page.open("li");
      HtmlPage.swatch(each[0], page);
      page.text(each[1]).close("li");
    }
    page.close("ul");
    page.open("table", "class", "exposure")
        .element(
            "caption", "Vulnerabilities and the containers that reach them", "class", "hidden");
    page.open("thead").open("tr");
    for (String heading : List.of("Vulnerability", "Today", "With Portcullis")) {
      page.element("th", heading, "scope", "col");
    }
    page.close("tr").close("thead").open("tbody");
    exposure.forEach(each -> row(each, page));
    page.close("tbody").close("table").close("section").line();
  }

  private static void row(Exposure exposure, Markup page) {
    page.open("tr").open("th", "scope", "row");
    page.element("span", exposure.id(), "class", "name")
        .element("span", exposure.title() + ", " + exposure.date(), "class", "meaning");
    page.open("details").element("summary", "What it is");
    page.element("p", exposure.summary());
    if (!exposure.call().isEmpty()) {
      page.open("p").text("Reached by ").element("code", exposure.call()).close("p");
    }
    page.close("details").close("th");
    tally("today", exposure.today(), page);
    tally("with Portcullis", exposure.withPortcullis(), page);
    page.close("tr").line();
  }

  private static void tally(String when, Exposure.Tally tally, Markup page) {
    StateBar bar = StateBar.of(tally);
    page.open("td");
    bar.write(when, page);
    page.element("span", bar.words(), "class", "meaning").close("td");
  }
}
