package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.decide.ReasonKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/output.md explains each id of a reason for a refusal once, and no other.
class ReasonsDocumentTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|.*");

  @Test
  void theDocumentationHasEveryReason() throws IOException {
    List<String> documented = new ArrayList<>();
    String under = "";
    for (String line : Files.readAllLines(Path.of("docs/output.md"))) {
      if (line.startsWith("#")) {
        under = line;
      }
      Matcher row = ROW.matcher(line);
      if (under.equals("## Why a pod is refused") && row.matches()) {
        documented.add(row.group(1));
      }
    }
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ReasonKind.values()).map(ReasonKind::id).toList());
  }
}
