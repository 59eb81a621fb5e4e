package dev.portcullis.site;

import java.nio.file.Path;

/// The places of pages on the site: those that their files have in the checkout.
final class SiteAddress {
  private SiteAddress() {}

  /// A document's page. A README is the first page of its directory.
  static String ofDocument(String path) {
    return path.equals("README.md") || path.endsWith("/README.md")
        ? path.substring(0, path.length() - "README.md".length()) + "index.html"
        : path.substring(0, path.length() - ".md".length()) + ".html";
  }

  /// The page that shows a file which is no document.
  static String ofFile(String path) {
    return path + ".html";
  }

  /// The page that lists a directory.
  static String ofDirectory(String path) {
    return path.isEmpty() ? "index.html" : path + "/index.html";
  }

  /// The way from one page to another, which serves at any place, also without a server.
  static String relative(String from, String to) {
    Path directory = Path.of("/" + from).getParent();
    return directory == null ? to : directory.relativize(Path.of("/" + to)).toString();
  }
}
