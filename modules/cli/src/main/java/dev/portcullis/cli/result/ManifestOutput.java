package dev.portcullis.cli.result;

import dev.portcullis.cli.options.ManifestFormat;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.YamlWriter;
import java.io.PrintStream;
import java.util.List;

/// Objects that a verb made, for kubectl to apply.
public final class ManifestOutput {
  private ManifestOutput() {}

  /// A stream of YAML with the comments, or a List in JSON without them.
  public static void print(
      List<YamlWriter.Document> documents, ManifestFormat format, PrintStream out) {
    switch (format) {
      case YAML -> out.print(YamlWriter.stream(documents));
      case JSON ->
          out.println(
              JsonWriter.pretty(
                  new MappingBuilder()
                      .put("apiVersion", "v1")
                      .put("kind", "List")
                      .put("items", documents.stream().map(YamlWriter.Document::value).toList())
                      .build()));
    }
  }
}
