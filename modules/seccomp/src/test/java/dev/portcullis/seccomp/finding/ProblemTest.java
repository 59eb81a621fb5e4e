package dev.portcullis.seccomp.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final Pattern ID = Pattern.compile("`([a-z-]+)`");

  private static final Map<String, Severity> HEADINGS =
      Map.of("Errors:", Severity.ERROR, "Warnings:", Severity.WARNING, "Notes:", Severity.NOTE);

  /// Each id stands once in the table of its severity, and no table has an id that does not exist.
  @Test
  void theDocumentationHasEveryProblem() throws IOException {
    List<String> documented = new ArrayList<>();
    Severity severity = null;
    for (String line : Files.readAllLines(Path.of("docs/profiles.md"))) {
      for (Map.Entry<String, Severity> heading : HEADINGS.entrySet()) {
        if (line.startsWith(heading.getKey())) {
          severity = heading.getValue();
        }
      }
      if (line.startsWith("## ")) {
        severity = null;
      } else if (severity != null && line.startsWith("| `")) {
        Matcher ids = ID.matcher(line.substring(0, line.indexOf('|', 1)));
        while (ids.find()) {
          documented.add(severity + " " + ids.group(1));
        }
      }
    }
    Set<Problem> all = EnumSet.allOf(Problem.class);
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            all.stream().map(problem -> problem.severity() + " " + problem.id()).toList());
  }
}
