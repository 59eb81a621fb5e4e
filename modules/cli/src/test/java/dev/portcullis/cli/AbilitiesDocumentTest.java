package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.profiles.exposure.Abilities;
import dev.portcullis.profiles.exposure.Ability;
import dev.portcullis.profiles.exposure.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/show.md has what is asked of each profile, word for word.
class AbilitiesDocumentTest {
  private static String row(Ability ability) {
    return "| `%s` | %s | %s |"
        .formatted(
            ability.id(),
            ability.title(),
            ability.ways().stream()
                .map(way ->
                    way instanceof Need.NewNamespaces
                        ? "`unshare`, `clone` with `CLONE_NEWUSER`, `clone3`"
                        : "`" + way.text() + "`")
                .collect(Collectors.joining(", ")));
  }

  @Test
  void theDocumentationHasEveryAbility() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs/show.md")).stream()
            .dropWhile(line -> !line.equals("## At a glance"))
            .filter(line -> line.startsWith("| `"))
            .takeWhile(line -> !line.startsWith("| `domain is"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Abilities.load().stream().map(AbilitiesDocumentTest::row).toList());
  }
}
