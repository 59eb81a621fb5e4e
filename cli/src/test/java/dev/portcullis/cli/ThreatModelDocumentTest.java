package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/threat-model.md against the source tree: a promise that no test holds is none.
class ThreatModelDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCUMENT = ROOT.resolve("docs/threat-model.md");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)`");

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher matcher = TEST.matcher(Files.readString(DOCUMENT));
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(classes()).containsAll(named);
  }

  @Test
  void everyPromiseHasATest() throws IOException {
    String text = Files.readString(DOCUMENT);
    List<String> rows =
        text.substring(text.indexOf("## Promises"), text.indexOf("## Not promised"))
            .lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
            .filter(line -> !line.startsWith("| promise |"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(15).allMatch(row -> TEST.matcher(row).find());
  }

  /// The names of all test classes of the tree.
  private static Set<String> classes() throws IOException {
    Set<String> classes = new TreeSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files
                .map(file -> file.getFileName().toString())
                .filter(file -> file.endsWith("Test.java"))
                .forEach(file -> classes.add(file.substring(0, file.length() - ".java".length())));
          }
        }
      }
    }
    return classes;
  }
}
