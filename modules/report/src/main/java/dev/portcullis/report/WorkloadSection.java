package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What runs where, under which profile.
record WorkloadSection(SeccompReport report) {
  private static final int MOST = 150;
  private static final int MOST_CONTAINERS = 10;
  private static final int LONGEST_REFUSAL = 300;

  /// The worst first: those without a filter, then those of which nothing is known, then refusals.
  private static final Comparator<Workload> WORST_FIRST =
      Comparator.comparingInt((Workload each) -> each.today(State.UNCONFINED))
          .thenComparingInt(each -> each.today(State.UNKNOWN))
          .thenComparing(Workload::refused)
          .reversed()
          .thenComparing(Workload::namespace)
          .thenComparing(Workload::label);

  void write(Markup page) {
    List<Workload> sorted = report.workloads().stream().sorted(WORST_FIRST).toList();
    int pods = sorted.stream().mapToInt(Workload::pods).sum();
    page.open("section", "id", "workloads").element("h2", "Workloads").line();
    page.open("p", "class", "lead")
        .text(
            report.basis().cluster()
                ? Words.count(pods, "pod")
                : Words.number(pods) + Words.verb(pods, " pod or template", " pods and templates"))
        .text(
            sorted.size() < pods
                ? " in " + Words.count(sorted.size(), "group") + " of equal ones"
                : "")
        .text(". Containers without a filter come first.")
        .text(
            sorted.size() > MOST
                ? " Shown are the first " + MOST + "; -o json has all of them."
                : "")
        .close("p");
    page.open("table", "class", "workloads")
        .element("caption", "Workloads and their containers", "class", "hidden");
    page.open("thead").open("tr");
    for (String heading :
        List.of("Workload", "Container", "Today", "With Portcullis", "Reaches today")) {
      page.element("th", heading, "scope", "col");
    }
    page.close("tr").close("thead").line();
    sorted.stream().limit(MOST).forEach(each -> workload(each, page));
    page.close("table").close("section").line();
  }

  private void workload(Workload workload, Markup page) {
    List<WorkloadContainer> shown =
        workload.containers().subList(0, Math.min(MOST_CONTAINERS, workload.containers().size()));
    int more = workload.containers().size() - shown.size();
    page.open("tbody");
    boolean first = true;
    for (WorkloadContainer container : shown) {
      page.open("tr");
      if (first) {
        int rows = shown.size() + (more > 0 ? 1 : 0) + (workload.refused() ? 1 : 0);
        page.open("th", "scope", "rowgroup", "rowspan", Integer.toString(rows));
        name(workload, page);
        page.close("th");
        first = false;
      }
      page.element("td", Words.shortened(container.name()));
      confinement(container.today(), page);
      confinement(container.withPortcullis(), page);
      reached(container, page);
      page.close("tr");
    }
    if (more > 0) {
      page.open("tr")
          .element("td", "and " + Words.count(more, "more container"), "colspan", "4")
          .close("tr");
    }
    if (workload.refused() && !shown.isEmpty()) {
      String why = workload.refusals().getFirst();
      page.open("tr", "class", "refusal")
          .open("td", "colspan", "4")
          .element("strong", "Portcullis refuses it: ")
          .text(Words.shortened(why, LONGEST_REFUSAL))
          .text(
              workload.refusals().size() > 1
                  ? " (and " + (workload.refusals().size() - 1) + " more)"
                  : "")
          .close("td")
          .close("tr");
    }
    page.close("tbody").line();
  }

  private void name(Workload workload, Markup page) {
    page.element("span", Words.shortened(workload.label()), "class", "name");
    page.element(
        "span",
        workload.kind()
            + (workload.pods() > 1 && workload.names().size() == 1
                ? ", " + Words.count(workload.pods(), "pod")
                : "")
            + " in "
            + Words.shortened(workload.namespace()),
        "class",
        "meaning");
    if (!workload.place().isEmpty()) {
      page.element("span", Words.shortened(workload.place()), "class", "meaning place");
    }
  }

  private static void confinement(Confinement confinement, Markup page) {
    page.open("td");
    HtmlPage.state(confinement.state(), page);
    if (!confinement.profile().isEmpty()
        && confinement.state() != State.DEFAULT
        && !confinement.profile().equals("unconfined")) {
      page.element("code", Words.shortened(confinement.profile()), "class", "profile");
    }
    if (!confinement.words().isEmpty()) {
      page.element("span", Words.shortened(confinement.words()), "class", "meaning");
    }
    page.close("td");
  }

  private void reached(WorkloadContainer container, Markup page) {
    List<String> ids = container.reached();
    int undecided = container.undecided().size();
    int asked = report.exposure().size();
    page.open("td", "class", "number");
    if (!container.today().filterable()) {
      page.text("-");
    } else if (undecided > 0 && undecided == asked) {
      page.text("unknown");
    } else {
      page.text(Words.number(ids.size()) + " of " + asked);
      List<String> details = new ArrayList<>();
      if (!ids.isEmpty() && ids.size() < asked) {
        details.add(Words.list(ids, 3));
      }
      if (undecided > 0) {
        details.add("unknown: " + Words.list(container.undecided(), 3));
      }
      if (!details.isEmpty()) {
        page.element("span", String.join("; ", details), "class", "meaning");
      }
    }
    page.close("td");
  }
}
