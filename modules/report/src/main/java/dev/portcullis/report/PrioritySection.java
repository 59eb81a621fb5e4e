package dev.portcullis.report;

import java.util.List;

/// What to do first.
record PrioritySection(List<Priority> priorities) {
  void write(Markup page) {
    page.open("section", "id", "first").element("h2", "What to do first").line();
    if (priorities.isEmpty()) {
      page.element("p", "Nothing needs to be done.", "class", "good-news");
    } else {
      page.open("ol", "class", "priorities");
      for (Priority each : priorities) {
        page.open("li", "class", "card urgency-" + each.urgency().id());
        page.element("span", each.urgency().title(), "class", "badge");
        page.element("h3", each.title());
        page.element("p", each.advice());
        if (!each.command().isEmpty()) {
          page.open("pre").element("code", each.command()).close("pre");
        }
        page.close("li").line();
      }
      page.close("ol");
    }
    page.close("section").line();
  }
}
