package dev.portcullis.site;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// Where a link leads.
sealed interface LinkTarget {
  /// To another site.
  record Outside(String address) implements LinkTarget {}

  /// To a file or directory of the checkout, or to a place in a document.
  ///
  /// @param path from the top
  /// @param anchor empty where the link is to the whole
  record Inside(String path, String anchor) implements LinkTarget {}

  /// Nowhere that a document may lead to.
  ///
  /// @param why what is wrong, and what to do
  record Nowhere(String why) implements LinkTarget {}

  /// Reads the destination of a link.
  ///
  /// @param from the document that it is in
  static LinkTarget of(String from, String destination) {
    URI address;
    try {
      address = new URI(destination);
    } catch (URISyntaxException broken) {
      return new Nowhere("no address: " + broken.getReason());
    }
    String scheme = address.getScheme();
    if (scheme != null) {
      return (scheme.equals("https") || scheme.equals("http")) && address.getHost() != null
          ? new Outside(destination)
          : new Nowhere("neither https nor a file of the repository");
    }
    String path = address.getPath();
    if (address.getAuthority() != null
        || address.getQuery() != null
        || path == null
        || path.startsWith("/")) {
      return new Nowhere("no path from this document; write one, as ../README.md");
    }
    String anchor = address.getFragment() == null ? "" : address.getFragment();
    if (path.isEmpty()) {
      return new Inside(from, anchor);
    }
    Path target = Path.of(from).resolveSibling(path).normalize();
    return target.startsWith("..")
        ? new Nowhere("leads out of the repository")
        : new Inside(target.toString(), anchor);
  }
}
