package dev.portcullis.report;

import dev.portcullis.report.RefusalAccount.Call;
import dev.portcullis.report.RefusalAccount.OfContainer;
import dev.portcullis.report.RefusalAccount.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which calls filters refused to which containers, how often and when.
record RefusedCallSection(RefusalAccount refused) {
  private static final int MOST = 40;
  private static final int MOST_CALLS = 12;
  private static final int MOST_PLACES = 5;

  void write(Markup page) {
    if (!refused.known()) {
      return;
    }
    List<OfContainer> all = refused.containers();
    Span span = refused.span();
    page.open("section", "id", "refused-calls").element("h2", "Refused calls").line();
    page.open("p", "class", "lead").text(lead(all, span)).close("p").line();
    if (!all.isEmpty()) {
      page.element(
          "p",
          "A refusal is often what a profile is for, and whoever controls a program decides what"
              + " stands here: allow only what the program needs."
              + (all.size() > MOST
                  ? " Shown are the first " + MOST + " containers; -o json has all of them."
                  : ""),
          "class",
          "lead");
    }
    for (String note : notes(refused)) {
      page.element("p", note, "class", "lead");
    }
    all.stream().limit(MOST).forEach(each -> container(each, span, page));
    page.close("section").line();
  }

  private String lead(List<OfContainer> all, @Nullable Span span) {
    if (all.isEmpty()) {
      return "Nothing was refused to the containers of this report, as far as the nodes know.";
    }
    return Words.count(refused.refused(), "call")
        + Words.verb(refused.refused(), " was", " were")
        + " refused to "
        + Words.count(all.size(), "container")
        + " of workloads"
        + (span == null
            ? "."
            : ". Each line begins at "
                + span.first().words()
                + " and ends at "
                + span.last().words()
                + " UTC.");
  }

  /// What the figures leave out.
  static List<String> notes(RefusalAccount refused) {
    RefusalAccount.Elsewhere elsewhere = refused.elsewhere();
    String others =
        elsewhere.calls() == 0
            ? ""
            : Words.count(elsewhere.calls(), "more call")
                + Words.verb(elsewhere.calls(), " was", " were")
                + " refused to what this report does not have: "
                + Words.list(
                    elsewhere.places().stream().map(Words::shortened).toList(), MOST_PLACES)
                + ".";
    String missing =
        refused.missing() == 0
            ? ""
            : "The nodes say that they do not know all: "
                + Words.number(refused.missing())
                + Words.verb(
                    refused.missing(),
                    " event or container is missing.",
                    " events or containers are missing.");
    return List.of(others, missing).stream().filter(each -> !each.isEmpty()).toList();
  }

  private static void container(OfContainer container, @Nullable Span span, Markup page) {
    page.open("article", "class", "card refused-card").open("div", "class", "profile-head");
    page.open("h3")
        .text(Words.shortened(container.container().name()) + " of " + whose(container))
        .close("h3");
    page.element("span", figure(container), "class", "badge");
    page.close("div");
    page.open("p", "class", "meaning").text(under(container)).close("p");
    List<Call> calls = container.calls();
    page.open("table", "class", "refused")
        .element(
            "caption",
            "Calls refused to " + Words.shortened(container.container().name()),
            "class",
            "hidden");
    page.open("thead").open("tr");
    for (String heading : List.of("Call", "Answer", "Times", "When")) {
      page.element("th", heading, "scope", "col");
    }
    page.close("tr").close("thead").open("tbody");
    calls.stream().limit(MOST_CALLS).forEach(each -> call(each, span, page));
    if (calls.size() > MOST_CALLS) {
      page.open("tr")
          .element(
              "td",
              "and " + Words.count(calls.size() - MOST_CALLS, "more kind") + " of calls",
              "colspan",
              "4")
          .close("tr");
    }
    page.close("tbody").close("table");
    if (!container.remark().isEmpty()) {
      page.element("p", container.remark(), "class", "meaning");
    }
    if (!container.command().isEmpty()) {
      page.open("pre").element("code", container.command()).close("pre");
    }
    page.close("article").line();
  }

  /// `web, a Deployment in shop`
  private static String whose(OfContainer container) {
    return Words.shortened(container.workload().label())
        + " ("
        + Words.shortened(container.workload().kind())
        + ") in "
        + Words.shortened(container.workload().namespace());
  }

  private static String figure(OfContainer container) {
    long logged = container.logged();
    return Words.number(container.refused())
        + " refused"
        + (logged > 0 ? ", " + Words.number(logged) + " logged" : "");
  }

  private static String under(OfContainer container) {
    return (container.profiles().isEmpty()
            ? "no profile"
            : Words.list(container.profiles().stream().map(Words::shortened).toList(), 2))
        + (container.pods() > 1 ? "; in " + Words.count(container.pods(), "pod") : "");
  }

  private static void call(Call call, @Nullable Span all, Markup page) {
    page.open("tr").open("th", "scope", "row").element("code", call.label()).close("th");
    page.element("td", call.logged() ? "made, and logged" : call.answer());
    page.element("td", Words.number(call.count()), "class", "number");
    page.open("td");
    Span span = call.span();
    if (span == null || all == null) {
      page.text("not known");
    } else {
      timeline(span, all, page);
      page.element("span", when(span), "class", "meaning");
    }
    page.close("td").close("tr");
  }

  private static String when(Span span) {
    String first = span.first().words();
    String last = span.last().words();
    if (first.equals(last)) {
      return first;
    }
    boolean sameDay = first.startsWith(last.substring(0, Math.min(11, last.length())));
    return first + " to " + (sameDay ? last.substring(11) : last);
  }

  private static final int LENGTH = 1000;
  private static final int LEAST = 12;

  /// Where in all the time it lies. Of what was between the first and the last time nothing is
  /// known, so there is one line and no more.
  private static void timeline(Span span, Span all, Markup page) {
    long begin = all.first().millis();
    long length = all.last().millis() - begin;
    if (length <= 0) {
      return;
    }
    long from = at(span.first().millis() - begin, length);
    long to = at(span.last().millis() - begin, length);
    page.open(
        "svg",
        "class",
        "timeline",
        "viewBox",
        "0 0 " + LENGTH + " 12",
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        "first " + span.first().words() + ", last " + span.last().words() + " UTC");
    rect("fill-axis", 0, LENGTH, 5, 2, page);
    rect("fill-refused", from, to - from, 3, 6, page);
    rect("fill-refused", from, LEAST, 0, 12, page);
    rect("fill-refused", to, LEAST, 0, 12, page);
    page.close("svg");
  }

  /// The place of a moment.
  private static long at(long millis, long length) {
    return Math.round((double) millis / length * (LENGTH - LEAST));
  }

  private static void rect(String style, long x, long width, int y, int height, Markup page) {
    page.open(
            "rect",
            "class",
            style,
            "x",
            Long.toString(x),
            "y",
            Integer.toString(y),
            "width",
            Long.toString(Math.max(1, width)),
            "height",
            Integer.toString(height))
        .close("rect");
  }
}
