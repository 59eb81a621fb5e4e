package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/threat-model.md against the source tree: a promise that no test holds is none.
class ThreatModelDocumentTest {
  private static final Path MODULES = Path.of("modules");
  private static final Path DOCUMENT = Path.of("docs/threat-model.md");

  /// With packages before its name where there are several of that name:
  /// `pods.resolve.ResolverTest`.
  private static final Pattern TEST = Pattern.compile("`((?:[a-z0-9]+\\.)*[A-Z]\\w*Test)`");

  @Test
  void everyTestThatIsNamedIsOneThatIsThere() throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher matcher = TEST.matcher(Files.readString(DOCUMENT));
    while (matcher.find()) {
      named.add(matcher.group(1));
    }
    assertThat(named).hasSizeGreaterThan(20);
    List<String> classes = classes();
    assertThat(named)
        .allSatisfy(name ->
            assertThat(classes)
                .as(name)
                .filteredOn(each -> ("." + each).endsWith("." + name))
                .hasSize(1));
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

  /// The qualified names of all test classes of the tree.
  private static List<String> classes() throws IOException {
    List<String> classes = new ArrayList<>();
    try (Stream<Path> modules = Files.list(MODULES)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files
                .map(file -> tests.relativize(file).toString())
                .filter(file -> file.endsWith("Test.java"))
                .map(file -> file.substring(0, file.length() - ".java".length()))
                .forEach(file -> classes.add(file.replace('/', '.')));
          }
        }
      }
    }
    return classes;
  }
}
