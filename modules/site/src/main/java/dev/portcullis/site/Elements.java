package dev.portcullis.site;

import java.util.LinkedHashMap;
import java.util.Map;
import org.commonmark.renderer.html.HtmlWriter;

/// Writes elements of HTML. The writer of commonmark escapes every text and every value.
final class Elements {
  private final StringBuilder out = new StringBuilder(1 << 14);
  private final HtmlWriter writer = new HtmlWriter(out);

  /// Begins an element.
  ///
  /// @param attributes names and values, by turns
  Elements open(String tag, String... attributes) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      ordered.put(attributes[i], attributes[i + 1]);
    }
    writer.tag(tag, ordered);
    return this;
  }

  /// Ends an element.
  Elements close(String tag) {
    writer.tag("/" + tag);
    return this;
  }

  Elements text(String text) {
    writer.text(text);
    return this;
  }

  /// A whole element with a text in it.
  Elements element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /// HTML that this module has made.
  Elements html(String html) {
    writer.raw(html);
    return this;
  }

  Elements line() {
    writer.raw("\n");
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
