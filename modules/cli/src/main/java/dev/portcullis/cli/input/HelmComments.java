package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The comments by which `helm template` names what it rendered an object from: `# Source:
/// web/templates/deployment.yaml`, between the line `---` and the object.
final class HelmComments {
  private static final String SOURCE = "# Source: ";

  private final List<String> lines;

  private HelmComments(List<String> lines) {
    this.lines = lines;
  }

  static HelmComments of(byte[] content) {
    String text = new String(content, UTF_8);
    return new HelmComments(text.contains(SOURCE) ? text.lines().toList() : List.of());
  }

  /// The template of the document that begins at a place; null where no comment names it.
  @Nullable String before(Position document) {
    for (int i = Math.min(document.line() - 1, lines.size()) - 1; i >= 0; i--) {
      String line = lines.get(i);
      if (line.startsWith(SOURCE)) {
        return line.substring(SOURCE.length()).strip();
      }
      if (!line.isBlank() && !line.startsWith("#")) {
        return null;
      }
    }
    return null;
  }
}
