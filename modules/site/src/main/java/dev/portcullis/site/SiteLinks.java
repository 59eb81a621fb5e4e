package dev.portcullis.site;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Leads the links of documents to the pages of the site, and reports which lead nowhere.
final class SiteLinks {
  private final Checkout checkout;
  private final Map<String, MarkdownDocument> documents;
  private final List<SiteProblem> problems;

  /// Files and directories that documents show readers, and that are no documents.
  private final TreeSet<String> others = new TreeSet<>();

  SiteLinks(
      Checkout checkout, Map<String, MarkdownDocument> documents, List<SiteProblem> problems) {
    this.checkout = checkout;
    this.documents = documents;
    this.problems = problems;
  }

  /// Leads all links of a document.
  void lead(MarkdownDocument document) throws IOException {
    for (DocumentLink link : document.links()) {
      switch (LinkTarget.of(document.path(), link.destination())) {
        case LinkTarget.Nowhere(String why) -> refuse(document, link, why);
        case LinkTarget.Outside _ when link.isImage() ->
            refuse(document, link, "an image of another site; the site loads nothing: copy it");
        case LinkTarget.Outside _ -> {}
        case LinkTarget.Inside(String path, String _) when link.isImage() ->
            picture(document, link, path);
        case LinkTarget.Inside(String path, String anchor) -> inside(document, link, path, anchor);
      }
    }
  }

  private void inside(MarkdownDocument document, DocumentLink link, String path, String anchor)
      throws IOException {
    MarkdownDocument target = documents.get(path);
    if (target == null) {
      target = documents.get(path.isEmpty() ? "README.md" : path + "/README.md");
    }
    String address;
    if (target != null) {
      if (!anchor.isEmpty() && !target.hasAnchor(anchor)) {
        refuse(document, link, "no heading of " + target.path() + " has the anchor #" + anchor);
        return;
      }
      address = SiteAddress.ofDocument(target.path());
    } else if (path.endsWith(".md") && checkout.isFile(path)) {
      refuse(document, link, path + " has no place on the site; give it one in " + Navigation.FILE);
      return;
    } else if (!anchor.isEmpty() && (checkout.isFile(path) || checkout.isDirectory(path))) {
      refuse(document, link, path + " is no document, and has no anchors: #" + anchor);
      return;
    } else if (checkout.isFile(path)) {
      others.add(path);
      address = SiteAddress.ofFile(path);
    } else if (checkout.isDirectory(path)) {
      addDirectory(path);
      address = SiteAddress.ofDirectory(path);
    } else {
      refuse(document, link, "there is no file " + path);
      return;
    }
    String own = SiteAddress.ofDocument(document.path());
    String way = address.equals(own) ? "" : SiteAddress.relative(own, address);
    link.leadTo(way + (anchor.isEmpty() ? way.isEmpty() ? "#main" : "" : "#" + anchor));
  }

  /// A directory, and all that is below it.
  void addDirectory(String path) throws IOException {
    if (!others.add(path)) {
      return;
    }
    for (String child : checkout.children(path)) {
      if (checkout.isDirectory(child)) {
        addDirectory(child);
      } else if (!documents.containsKey(child)) {
        others.add(child);
      }
    }
  }

  /// The picture itself, in the page.
  private void picture(MarkdownDocument document, DocumentLink link, String path)
      throws IOException {
    if (!path.endsWith(".png")) {
      refuse(document, link, path + " is no picture in PNG");
    } else if (!checkout.isFile(path)) {
      refuse(document, link, "there is no file " + path);
    } else {
      link.leadTo(
          "data:image/png;base64," + Base64.getEncoder().encodeToString(checkout.bytes(path)));
    }
  }

  private void refuse(MarkdownDocument document, DocumentLink link, String why) {
    problems.add(
        new SiteProblem(
            document.path(), link.line(), "the link \"" + link.destination() + "\": " + why));
  }

  /// What links lead to and is no document, by path.
  List<String> others() {
    return List.copyOf(others);
  }
}
