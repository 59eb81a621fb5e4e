package dev.portcullis.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/// A document in CommonMark with tables, read once. Its links can be led elsewhere before it is
/// written as HTML.
final class MarkdownDocument {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  /// Characters of code that stay on one line: an option is not broken at its hyphens.
  private static final int SHORT = 30;

  private final String path;
  private final Node root;
  private final List<DocumentLink> links;
  private final List<DocumentSection> sections = new ArrayList<>();
  private final Map<Node, String> anchors = new HashMap<>();

  private MarkdownDocument(String path, Node root) {
    this.path = path;
    this.root = root;
    this.links = DocumentLink.in(root);
  }

  /// Reads a document.
  ///
  /// @param path from the top of the checkout
  static MarkdownDocument read(String path, String text, List<SiteProblem> problems) {
    MarkdownDocument document = new MarkdownDocument(path, PARSER.parse(text));
    document.divide();
    document.refuseHtml(problems);
    if (document.sections.isEmpty() || document.sections.getFirst().level() != 1) {
      problems.add(new SiteProblem(path, 1, "begins without a title; write one: # Title"));
    }
    return document;
  }

  private void divide() {
    HeadingAnchors given = new HeadingAnchors();
    StringBuilder text = new StringBuilder();
    for (Node block = root.getFirstChild(); block != null; block = block.getNext()) {
      if (block instanceof Heading heading) {
        end(text);
        String words = PlainText.of(heading);
        String anchor = given.next(words);
        anchors.put(heading, anchor);
        sections.add(new DocumentSection(heading.getLevel(), words, anchor, ""));
      } else {
        text.append(PlainText.of(block)).append(' ');
      }
    }
    end(text);
  }

  private void end(StringBuilder text) {
    if (!sections.isEmpty()) {
      DocumentSection last = sections.removeLast();
      sections.add(
          new DocumentSection(
              last.level(), last.heading(), last.anchor(), text.toString().strip()));
      text.setLength(0);
    }
  }

  private void refuseHtml(List<SiteProblem> problems) {
    root.accept(
        new AbstractVisitor() {
          @Override
          public void visit(HtmlBlock html) {
            refuse(html, html.getLiteral());
          }

          @Override
          public void visit(HtmlInline html) {
            refuse(html, html.getLiteral());
          }

          private void refuse(Node node, String literal) {
            problems.add(
                new SiteProblem(
                    path,
                    DocumentLink.lineOf(node),
                    "HTML in a document: "
                        + literal.lines().findFirst().orElse("")
                        + "; write Markdown, or put it in backticks"));
          }
        });
  }

  String path() {
    return path;
  }

  /// Its first heading; its path where it has none.
  String title() {
    return sections.isEmpty() ? path : sections.getFirst().heading();
  }

  List<DocumentSection> sections() {
    return List.copyOf(sections);
  }

  List<DocumentLink> links() {
    return links;
  }

  boolean hasAnchor(String anchor) {
    return sections.stream().anyMatch(section -> section.anchor().equals(anchor));
  }

  /// What it says, as HTML. What would be HTML in it is text.
  String html() {
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .escapeHtml(true)
            .attributeProviderFactory(_ -> this::attributes)
            .build();
    // A wide table is moved in its own frame; no text of a document can be such a tag.
    return renderer
        .render(root)
        .replace("<table>", "<div class=\"scroll\"><table>")
        .replace("</table>", "</table></div>");
  }

  private void attributes(Node node, String tag, Map<String, String> attributes) {
    switch (node) {
      case Heading heading when anchors.containsKey(heading) ->
          attributes.put("id", anchors.getOrDefault(heading, ""));
      case Link link when link.getDestination().contains("://") ->
          attributes.put("rel", "noreferrer");
      case Code code when code.getLiteral().length() <= SHORT -> attributes.put("class", "short");
      case TableCell cell when cell.isHeader() -> attributes.put("scope", "col");
      default -> {}
    }
  }
}
