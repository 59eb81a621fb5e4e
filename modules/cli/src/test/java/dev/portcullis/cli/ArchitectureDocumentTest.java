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

/// ARCHITECTURE.md against the source tree: a map that lies is worse than none.
class ArchitectureDocumentTest {
  private static final Path MODULES = Path.of("modules");

  // A line `**`module`**: ...`, and a row of a table that begins with `module.package`.
  private static final Pattern MODULE = Pattern.compile("(?m)^\\*\\*`([a-z0-9]+)`\\*\\*:");
  private static final Pattern PACKAGE =
      Pattern.compile("(?m)^\\| `([a-z0-9]+(?:\\.[a-z0-9]+)+)` \\|");
  private static final Pattern MENTION = Pattern.compile("`([a-z0-9]+\\.[a-z0-9.]+)`");

  @Test
  void everyModuleIsNamedAndEveryNamedModuleIsThere() throws IOException {
    Set<String> built = new TreeSet<>();
    try (Stream<Path> entries = Files.list(MODULES)) {
      entries
          .filter(entry -> Files.exists(entry.resolve("pom.xml")))
          .forEach(entry -> built.add(entry.getFileName().toString()));
    }
    assertThat(found(MODULE)).isNotEmpty().containsExactlyElementsOf(built);
  }

  @Test
  void everyPackageIsNamedAndEveryNamedPackageIsThere() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String module : found(MODULE)) {
      Path sources =
          MODULES.resolve(module).resolve("src/main/java/dev/portcullis").resolve(module);
      if (Files.isDirectory(sources)) {
        try (Stream<Path> directories = Files.walk(sources)) {
          directories
              .filter(directory -> !directory.equals(sources) && Files.isDirectory(directory))
              .map(directory -> module + "/" + sources.relativize(directory))
              .forEach(name -> packages.add(name.replace('/', '.')));
        }
      }
    }
    assertThat(found(PACKAGE)).isNotEmpty().containsExactlyElementsOf(packages);
  }

  /// But for the training, which starts the compiling process as the product does.
  @Test
  void aModuleHasNoPackageOfAnother() throws IOException {
    for (String module : found(MODULE)) {
      Path sources = MODULES.resolve(module).resolve("src/main/java/dev/portcullis");
      if (Files.isDirectory(sources)) {
        try (Stream<Path> own = Files.list(sources)) {
          assertThat(own.map(it -> it.getFileName().toString()))
              .containsExactlyInAnyOrderElementsOf(
                  module.equals("training") ? List.of("training", "compilation") : List.of(module));
        }
      }
    }
  }

  @Test
  void whatIsMentionedInItsTextIsInItsTables() throws IOException {
    Set<String> packages = found(PACKAGE);
    List<String> modules = List.copyOf(found(MODULE));
    assertThat(
            found(MENTION).stream()
                .filter(name -> modules.contains(name.substring(0, name.indexOf('.')))))
        .isNotEmpty()
        .allMatch(packages::contains);
  }

  private static Set<String> found(Pattern pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(Path.of("ARCHITECTURE.md")));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
