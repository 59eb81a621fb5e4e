package dev.portcullis.site;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.List;

/// The page of the search, with all that it searches in itself: a browser lets no script read
/// another file.
final class SearchPage {
  private SearchPage() {}

  /// The page.
  ///
  /// @param documents the pages to be found
  static SitePage of(List<SitePage> documents, Navigation navigation) {
    Elements out = new Elements();
    out.element("h1", "Search");
    out.open("form", "role", "search", "action", PageFrame.SEARCH, "method", "get");
    out.open(
        "input",
        "type",
        "search",
        "name",
        "q",
        "id",
        "q",
        "autofocus",
        "",
        "aria-label",
        "Search the documents",
        "placeholder",
        "Words of the documents");
    out.element("button", "Search").close("form").line();
    out.element("p", "", "id", "count", "role", "status").line();
    out.element("ol", "", "id", "results").line();
    out.open("noscript")
        .element("p", "The search wants a script, which this browser does not run.")
        .close("noscript")
        .line();
    // A block of data, which no browser runs. Only strings have a < here.
    out.open("script", "type", "application/json", "id", "sections")
        .html(index(documents, navigation).replace("<", "\\u003c"))
        .close("script")
        .line();
    out.open("script").html(SiteResource.SEARCH.text()).close("script").line();
    return new SitePage("", PageFrame.SEARCH, "Search", List.of(), out.toString());
  }

  /// The sections of all documents, as JSON.
  static String index(List<SitePage> documents, Navigation navigation) {
    List<Value> items = new ArrayList<>();
    for (SitePage page : documents) {
      for (DocumentSection section : page.sections()) {
        items.add(
            new MappingBuilder()
                .put("page", page.title())
                .put("heading", section.level() == 1 ? "" : section.heading())
                .put(
                    "address",
                    page.address() + (section.level() == 1 ? "" : "#" + section.anchor()))
                .put("text", section.text())
                .put("inside", navigation.isInLastGroup(page.source()))
                .build());
      }
    }
    return JsonWriter.compact(new Sequence(Position.NONE, items));
  }
}
