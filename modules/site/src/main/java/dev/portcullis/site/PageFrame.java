package dev.portcullis.site;

import java.util.List;

/// What is around the contents of every page: the head with its policy, the way to the search, the
/// list of all pages, and the pages before and after. No page needs a script but that of the
/// search.
///
/// @param pages all: the documents in their order, and then the others
/// @param documents how many of them are documents
/// @param version of Portcullis
record PageFrame(Navigation navigation, List<SitePage> pages, int documents, String version) {
  static final String SEARCH = "search.html";

  /// Nothing is loaded from anywhere. A form may lead to another file, where the site is read from
  /// files: these have no origin that `'self'` could be.
  private static String policy(String scripts) {
    return "default-src 'none'; base-uri 'none'; form-action 'self' file:; img-src data:;"
        + " style-src "
        + SiteResource.STYLE.source()
        + scripts;
  }

  /// A page that shows something of the repository.
  String around(SitePage page) {
    Elements out = new Elements();
    begin(out, page, policy(""));
    contents(out, page);
    out.open("main", "id", "main").line().html(page.body());
    neighbours(out, page);
    out.close("main").line();
    return end(out);
  }

  /// The page of the search.
  String aroundSearch(SitePage page) {
    Elements out = new Elements();
    begin(out, page, policy("; script-src " + SiteResource.SEARCH.source()));
    out.open("main", "id", "main").line().html(page.body()).close("main").line();
    return end(out);
  }

  private void begin(Elements out, SitePage page, String policy) {
    boolean first = page.address().equals("index.html");
    out.html("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").line();
    out.html("<meta charset=\"utf-8\">\n");
    out.open("meta", "http-equiv", "Content-Security-Policy", "content", policy).line();
    out.html("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .html("<meta name=\"color-scheme\" content=\"light dark\">\n")
        .html("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.element("title", first ? page.title() : page.title() + " - Portcullis").line();
    out.open("style").html(SiteResource.STYLE.text()).close("style").line();
    out.close("head").line().open("body").line();
    out.element("a", "Skip to the text", "class", "skip", "href", "#main").line();
    out.open("header");
    out.element("a", "Portcullis", "class", "brand", "href", way(page, "index.html"));
    out.element("span", version, "class", "version");
    if (!page.address().equals(SEARCH)) {
      out.open("form", "role", "search", "action", way(page, SEARCH), "method", "get");
      out.open(
          "input",
          "type",
          "search",
          "name",
          "q",
          "aria-label",
          "Search the documents",
          "placeholder",
          "Search");
      out.element("button", "Search").close("form");
    }
    out.element("a", "All pages", "class", "menu", "href", "#pages");
    out.close("header").line();
    navigation(out, page);
  }

  private void navigation(Elements out, SitePage page) {
    out.open("nav", "id", "pages", "aria-label", "All pages").line();
    out.element("a", "Close", "class", "menu", "href", "#main");
    for (Navigation.Group group : navigation.groups()) {
      boolean open = page.address().equals("index.html");
      for (Navigation.Entry entry : group.entries()) {
        open |= entry.holds(page.source());
      }
      // The attribute counts, whatever its value.
      out.html(open ? "<details open>" : "<details>").element("summary", group.name()).open("ul");
      for (Navigation.Entry entry : group.entries()) {
        link(out, page, entry);
      }
      out.close("ul").close("details").line();
    }
    out.close("nav").line();
  }

  private void link(Elements out, SitePage page, Navigation.Entry entry) {
    SitePage target = target(entry);
    String label = entry.label().isEmpty() ? target.title() : entry.label();
    out.open("li");
    if (entry.holds(page.source())) {
      out.element(
          "a",
          label,
          "href",
          way(page, target.address()),
          "aria-current",
          page.address().equals(target.address()) ? "page" : "true");
    } else {
      out.element("a", label, "href", way(page, target.address()));
    }
    out.close("li");
  }

  private SitePage target(Navigation.Entry entry) {
    return pages.stream()
        .filter(each -> each.source().equals(entry.path()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no page of " + entry.path()));
  }

  private static void contents(Elements out, SitePage page) {
    List<DocumentSection> listed =
        page.sections().stream().filter(each -> each.level() == 2 || each.level() == 3).toList();
    if (listed.size() < 2) {
      return;
    }
    out.open("details", "class", "contents").element("summary", "On this page").open("ul");
    for (DocumentSection section : listed) {
      out.open("li", "class", "level-" + section.level())
          .element("a", section.heading(), "href", "#" + section.anchor())
          .close("li");
    }
    out.close("ul").close("details").line();
  }

  private void neighbours(Elements out, SitePage page) {
    int at = pages.indexOf(page);
    if (at < 0 || at >= documents) {
      return;
    }
    out.open("nav", "class", "neighbours", "aria-label", "Before and after");
    if (at > 0) {
      neighbour(out, page, pages.get(at - 1), "prev", "Before: ");
    }
    if (at < documents - 1) {
      neighbour(out, page, pages.get(at + 1), "next", "Next: ");
    }
    out.close("nav").line();
  }

  private static void neighbour(
      Elements out, SitePage page, SitePage other, String relation, String word) {
    out.element("a", word + other.title(), "rel", relation, "href", way(page, other.address()));
  }

  private static String end(Elements out) {
    return out.close("body").close("html").line().toString();
  }

  private static String way(SitePage from, String to) {
    return SiteAddress.relative(from.address(), to);
  }
}
