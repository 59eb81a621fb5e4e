package dev.portcullis.pods.fix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The files in `src/test/resources`, whose README says how to add one.
class FixShapesTest {
  private static final Path SHAPES =
      Path.of("modules/pods/src/test/resources/dev/portcullis/pods/fix");

  private static List<Path> files(String directory, String part) throws IOException {
    try (Stream<Path> files = Files.list(SHAPES.resolve(directory))) {
      return files.filter(file -> file.toString().contains(part)).sorted().toList();
    }
  }

  static List<Path> befores() throws IOException {
    return Stream.of(
            files("fields", ".before."),
            files("remove-annotations", ".before."),
            files("default", ".before."))
        .flatMap(List::stream)
        .toList();
  }

  static List<Path> unchanged() throws IOException {
    return files("unchanged", ".yaml");
  }

  private static FixRules rules(Path file) {
    return switch (SHAPES.relativize(file).getName(0).toString()) {
      case "default" -> new FixRules(ProfileName.RUNTIME_DEFAULT, false);
      case "remove-annotations" -> new FixRules(null, true);
      default -> new FixRules(null, false);
    };
  }

  private static FixOutcome.Edited fix(byte[] content, FixRules rules) {
    return switch (ManifestFix.of(content, rules)) {
      case FixOutcome.Edited edited -> edited;
      case FixOutcome.Unreadable unreadable -> throw new AssertionError(unreadable);
    };
  }

  @Test
  void thereAreThirty() throws IOException {
    assertThat(befores()).hasSizeGreaterThanOrEqualTo(30);
  }

  @ParameterizedTest
  @MethodSource("befores")
  void becomesWhatStandsBesideIt(Path before) throws IOException {
    Path after = Path.of(before.toString().replace(".before.", ".after."));
    FixOutcome.Edited edited = fix(Files.readAllBytes(before), rules(before));
    assertThat(edited.obstacles()).isEmpty();
    assertThat(new String(edited.content(), UTF_8)).isEqualTo(Files.readString(after));
    assertThat(edited.changed()).isEqualTo(!Files.readString(before).equals(edited.after()));
  }

  @ParameterizedTest
  @MethodSource("befores")
  void aSecondTimeThereIsNothingToDo(Path before) throws IOException {
    FixRules rules = rules(before);
    byte[] once = fix(Files.readAllBytes(before), rules).content();
    FixOutcome.Edited twice = fix(once, rules);
    assertThat(twice.obstacles()).isEmpty();
    assertThat(twice.changed()).isFalse();
    assertThat(twice.content()).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("unchanged")
  void staysAndSaysWhy(Path file) throws IOException {
    FixOutcome.Edited edited = fix(Files.readAllBytes(file), new FixRules(null, false));
    assertThat(edited.changed()).isFalse();
    assertThat(edited.content()).isEqualTo(Files.readAllBytes(file));
    assertThat(edited.obstacles())
        .extracting(obstacle -> obstacle.path().at().line() + " " + obstacle.kind().id())
        .isEqualTo(Files.readAllLines(Path.of(file.toString().replace(".yaml", ".expected"))));
  }
}
