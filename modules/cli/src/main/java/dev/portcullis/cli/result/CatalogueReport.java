package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.profiles.exposure.Catalogue;
import dev.portcullis.profiles.exposure.Vulnerability;
import java.util.List;

/// The vulnerabilities that can be asked about.
public record CatalogueReport(Catalogue catalogue) implements Report {
  @Override
  public void table(Terminal terminal) {
    Table table = new Table("VULNERABILITY", "PUBLISHED", "NAME", "FIXED IN");
    for (Vulnerability each : catalogue.entries()) {
      table.row(each.id(), each.date(), each.title(), String.join(", ", each.kernel().fixed()));
    }
    table.print(terminal);
  }

  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put(
            "vulnerabilities",
            catalogue.entries().stream()
                .map(each ->
                    new MappingBuilder()
                        .put("id", each.id())
                        .put("title", each.title())
                        .put("date", each.date())
                        .put("summary", each.summary())
                        .put("fixed", texts(each.kernel().fixed()))
                        .put("sources", texts(each.sources()))
                        .build())
                .toList())
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
