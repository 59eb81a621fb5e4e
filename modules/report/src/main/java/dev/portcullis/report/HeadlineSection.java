package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;

/// The figures that are read first.
record HeadlineSection(SeccompReport report) {
  void write(Markup page) {
    StateCounts today = report.today();
    StateCounts with = report.withPortcullis();
    page.open("section", "id", "summary").element("h2", "Summary").line();
    page.open("div", "class", "pair");
    figure("Today", report.basis().kubernetes(), today, page);
    figure("With Portcullis", policies(), with, page);
    page.close("div").line();
    page.open("table", "class", "legend")
        .element("caption", "Containers by what filters their system calls");
    page.open("thead").open("tr").element("th", "", "class", "wide");
    page.element("th", "Today", "scope", "col").element("th", "With Portcullis", "scope", "col");
    page.close("tr").close("thead").open("tbody");
    for (State state : State.values()) {
      if (today.of(state) == 0 && with.of(state) == 0) {
        continue;
      }
      page.open("tr").open("th", "scope", "row");
      HtmlPage.state(state, page);
      page.element("span", meaning(state), "class", "meaning").close("th");
      page.element("td", Words.number(today.of(state)), "class", "number");
      page.element("td", Words.number(with.of(state)), "class", "number");
      page.close("tr");
    }
    page.close("tbody").close("table").close("section").line();
  }

  private String policies() {
    return report.basis().policies().isEmpty()
        ? "without policies: every profile may be used"
        : "with the policies of " + Words.shortened(report.basis().policies());
  }

  private static void figure(String title, String under, StateCounts counts, Markup page) {
    int open = counts.of(State.UNCONFINED);
    page.open("div", "class", open == 0 ? "card figure good" : "card figure bad");
    page.element("h3", title);
    page.open("p", "class", "big")
        .element("strong", Words.number(open))
        .text(" of ")
        .text(Words.number(counts.running()))
        .close("p");
    page.element(
        "p",
        Words.verb(counts.running(), "container that runs has", "containers that run have")
            + " no filter",
        "class",
        "of");
    StateBar.of(counts).write(title, page);
    page.element("p", under, "class", "under");
    page.close("div");
  }

  private static String meaning(State state) {
    return switch (state) {
      case OWN -> "a profile that was named, and denies something";
      case DEFAULT -> "the profile that the container runtime brings";
      case UNCONFINED -> "every system call reaches the kernel";
      case UNKNOWN -> "what the filter does could not be found out";
      case NOT_RUN -> "refused, or not valid";
    };
  }
}
