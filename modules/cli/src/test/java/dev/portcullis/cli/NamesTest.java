package dev.portcullis.cli;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The names of the classes of all modules: each is a noun of the field, and stands for one thing.
class NamesTest {
  /// Nouns, whatever their ending.
  private static final Set<String> NOUNS =
      Set.of(
          "Binding",
          "Finding",
          "ForbidsNothing",
          "IoUring",
          "Mapping",
          "Meaning",
          "PolicyBinding",
          "PortMapping",
          "Reading",
          "Recording",
          "SeccompSetting",
          "Setting",
          "Spelling",
          "Standing",
          "Warning");

  /// States, each a variant of a type that names them all; for those that have come about, as
  /// `Refused` and `Compiled`, a participle is the usual name.
  private static final Set<String> STATES = Set.of("Allowing", "Conflicting", "Running");

  /// A type in a source, with its name.
  private static final Pattern TYPE =
      Pattern.compile("^ *(?:[a-z-]+ )*(?:class|record|interface|enum) (\\w+)", Pattern.MULTILINE);

  private static List<Path> sources() throws IOException {
    return sources("main");
  }

  private static List<Path> sources(String kind) throws IOException {
    return CheckoutFiles.below("modules").stream()
        .filter(file -> file.toString().matches(".*/src/" + kind + "/java/.*\\.java"))
        .filter(file -> !file.toString().contains("-info.java"))
        .toList();
  }

  private static String name(Path source) {
    return source.getFileName().toString().replace(".java", "");
  }

  @Test
  void eachNameOccursOnce() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(500);
    Map<String, List<Path>> byName = sources.stream().collect(groupingBy(NamesTest::name));
    assertThat(byName.values()).allSatisfy(files -> assertThat(files).hasSize(1));
  }

  /// A report names a test by its class alone. The laws of a module are in one class of each.
  @Test
  void eachNameOfATestOccursOnce() throws IOException {
    Map<String, List<Path>> byName =
        sources("test").stream()
            .filter(file -> name(file).endsWith("Test") && !name(file).equals("ArchitectureTest"))
            .collect(groupingBy(NamesTest::name));
    assertThat(byName).hasSizeGreaterThan(200);
    assertThat(byName.values()).allSatisfy(files -> assertThat(files).hasSize(1));
  }

  @Test
  void noneIsAGerundOrAParticiple() throws IOException {
    assertThat(sources())
        .extracting(NamesTest::name)
        .filteredOn(name -> !NOUNS.contains(name))
        .allMatch(name -> !name.matches(".*(ing|[^e]ed)"));
  }

  @Test
  void noTypeInsideAnotherIsAGerund() throws IOException {
    List<String> types = new ArrayList<>();
    for (Path source : sources()) {
      TYPE.matcher(Files.readString(source))
          .results()
          .map(type -> type.group(1))
          .forEach(types::add);
    }
    assertThat(types).hasSizeGreaterThan(1000);
    types.removeAll(NOUNS);
    types.removeAll(STATES);
    assertThat(types).noneMatch(name -> name.endsWith("ing"));
  }

  @Test
  void noneIsAPlaceForAnything() throws IOException {
    assertThat(sources())
        .extracting(NamesTest::name)
        // systemd's word, and the JDK's.
        .filteredOn(name -> !Set.of("ServiceManager", "LastingLogManager").contains(name))
        .noneMatch(name -> name.matches(".*(Util|Utils|Helper|Manager|Common|Impl|Misc)"));
  }
}
