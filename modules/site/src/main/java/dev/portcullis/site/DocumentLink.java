package dev.portcullis.site;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/// A link or an image in a document.
///
/// @param node a [Link] or an [Image]
/// @param line where it begins
/// @param destination as it is written
record DocumentLink(Node node, int line, String destination) {
  boolean isImage() {
    return node instanceof Image;
  }

  /// Lets it lead elsewhere.
  void leadTo(String other) {
    switch (node) {
      case Link link -> link.setDestination(other);
      case Image image -> image.setDestination(other);
      default -> throw new IllegalStateException("neither a link nor an image: " + node);
    }
  }

  /// All in a document, in their order.
  static List<DocumentLink> in(Node document) {
    List<DocumentLink> links = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            links.add(new DocumentLink(link, lineOf(link), link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            links.add(new DocumentLink(image, lineOf(image), image.getDestination()));
            visitChildren(image);
          }
        });
    return links;
  }

  /// Where a node begins, or what it is in.
  static int lineOf(Node node) {
    Node at = node;
    while (at.getSourceSpans().isEmpty() && at.getParent() != null) {
      at = at.getParent();
    }
    return at.getSourceSpans().isEmpty() ? 1 : at.getSourceSpans().getFirst().getLineIndex() + 1;
  }
}
