package dev.portcullis.cli.result;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was found in profiles, for programs: one document.
public final class FindingsJson {
  private final List<Mapping> profiles = new ArrayList<>();

  public void add(String file, List<Finding> findings) {
    profiles.add(
        new MappingBuilder()
            .put("source", file)
            .put("usable", findings.stream().noneMatch(each -> each.severity() == Severity.ERROR))
            .put("findings", findings.stream().map(FindingsJson::finding).toList())
            .build());
  }

  private static Mapping finding(Finding finding) {
    return new MappingBuilder()
        .put("id", finding.problem().id())
        .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
        .put("line", finding.at().line())
        .put("column", finding.at().column())
        .put("message", finding.message())
        .build();
  }

  public String json() {
    return JsonWriter.pretty(new MappingBuilder().put("profiles", profiles).build());
  }
}
