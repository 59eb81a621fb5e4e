package dev.portcullis.site;

import java.util.List;
import java.util.Map;

/// Pages of what documents lead to and is no document: a file as it is, and the list of a
/// directory.
final class FilePage {
  private FilePage() {}

  static SitePage ofFile(String path, String text) {
    Elements out = new Elements();
    out.element("h1", path, "class", "path");
    // HTML drops the first line where it is empty.
    out.open("pre").open("code").html(text.startsWith("\n") ? "\n" : "").text(text);
    out.close("code").close("pre").line();
    return new SitePage(path, SiteAddress.ofFile(path), path, List.of(), out.toString());
  }

  /// The list of a directory.
  ///
  /// @param title as the navigation has it; its path where that has none
  /// @param documents those that have pages, by path
  static SitePage ofDirectory(
      String path,
      String title,
      List<String> children,
      Map<String, MarkdownDocument> documents,
      Checkout checkout) {
    String address = SiteAddress.ofDirectory(path);
    Elements out = new Elements();
    if (title.equals(path)) {
      out.element("h1", path, "class", "path");
    } else {
      out.element("h1", title);
    }
    out.open("ul", "class", "files").line();
    for (String child : children) {
      MarkdownDocument document = documents.get(child);
      String name = child.substring(child.lastIndexOf('/') + 1);
      String to;
      if (document != null) {
        name = document.title();
        to = SiteAddress.ofDocument(child);
      } else if (checkout.isDirectory(child)) {
        name += "/";
        to = SiteAddress.ofDirectory(child);
      } else {
        to = SiteAddress.ofFile(child);
      }
      out.open("li")
          .element("a", name, "href", SiteAddress.relative(address, to))
          .close("li")
          .line();
    }
    out.close("ul").line();
    return new SitePage(path, address, title, List.of(), out.toString());
  }
}
