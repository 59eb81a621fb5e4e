package dev.portcullis.profiles.exposure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final Path FILES =
      Path.of("modules/profiles/src/main/resources/dev/portcullis/profiles/exposure");

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml") && !name.equals(Abilities.FILE))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyFileIsListed() throws IOException {
    List<String> listed =
        Files.readAllLines(FILES.resolve("catalogue.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(files()).hasSizeGreaterThan(5).isEqualTo(listed);
    assertThat(Machine.CATALOGUE.entries())
        .extracting(each -> each.id() + ".yaml")
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void theNewestComesFirst() {
    assertThat(Machine.CATALOGUE.entries())
        .extracting(Vulnerability::date)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void anIdIsFoundInAnyCase() {
    assertThat(Machine.CATALOGUE.find("cve-2026-31431")).isPresent();
    assertThat(Machine.CATALOGUE.find("CVE-2026-3143")).isEmpty();
  }

  @Test
  void ownEntriesReplaceThoseWithTheirId() {
    Vulnerability own = Machine.needing("call: splice");
    Catalogue with = Machine.CATALOGUE.with(List.of(own)).with(List.of(own));
    assertThat(with.entries()).hasSize(Machine.CATALOGUE.entries().size() + 1).contains(own);
  }

  /// What the schema and the reader take is the same.
  @Test
  void theSchemaHasTheFieldsOfTheReader() throws IOException {
    Mapping schema = (Mapping) value(Files.readString(FILES.resolve("vulnerability.schema.json")));
    List<String> required =
        ((Sequence) requireNonNull(schema.get("required")))
            .items().stream().map(item -> ((Value.Text) item).value()).toList();
    List<String> missed =
        Machine.READER.read("{}".getBytes(UTF_8)).errors().stream()
            .map(error -> error.text().split(": ", -1)[0])
            .toList();
    assertThat(required).containsExactlyInAnyOrderElementsOf(missed);
    Mapping properties = (Mapping) requireNonNull(schema.get("properties"));
    for (String field : properties.entries().keySet()) {
      assertThat(Machine.READER.read((field + ": 1").getBytes(UTF_8)).errors())
          .noneMatch(error -> error.text().contains("no such field"));
    }
    for (String file : files()) {
      Mapping entry = (Mapping) value(Files.readString(FILES.resolve(file)));
      assertThat(properties.entries().keySet()).containsAll(entry.entries().keySet());
    }
  }

  private static Value value(String text) {
    return switch (Documents.read(text.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents documents -> documents.values().getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }
}
