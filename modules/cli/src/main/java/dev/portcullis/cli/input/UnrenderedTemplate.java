package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Distinguishes templates of manifests from broken manifests, by the braces of their expressions:
/// those of Helm, and of others that took them over.
final class UnrenderedTemplate {
  private static final int MOST_SHOWN = 40;

  private UnrenderedTemplate() {}

  /// What to report of a file that cannot be read; null where it does not look like a template.
  ///
  /// @param malformed where it cannot be read: what stands after that may be anything
  static @Nullable Diagnostic found(String file, byte[] content, Position malformed) {
    List<String> lines = new String(content, UTF_8).lines().toList();
    // Of a line that is an expression as a whole, the parser complains at the next one.
    int last = malformed.line() == 0 ? lines.size() : Math.min(malformed.line() + 1, lines.size());
    for (int i = 0; i < last; i++) {
      String line = lines.get(i);
      int open = line.indexOf("{{");
      if (open >= 0 && line.indexOf("}}", open) > open && !line.stripLeading().startsWith("#")) {
        String shown = line.substring(open, Math.min(line.length(), open + MOST_SHOWN));
        return Diagnostic.malformed(
            file,
            new Position(i + 1, open + 1),
            "\"" + shown + "\": a template; render it first: " + render("CHART"));
      }
    }
    return null;
  }

  /// The command that renders a chart and checks what comes of it.
  static String render(String chart) {
    return "helm template " + chart + " | portcullis check -";
  }
}
