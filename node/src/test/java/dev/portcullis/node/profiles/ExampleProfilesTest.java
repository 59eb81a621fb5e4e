package dev.portcullis.node.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The profiles that people copy must be beyond reproach: not even a note.
class ExampleProfilesTest {
  private final ProfileRoot root = new ProfileRoot(Path.of("..", "examples", "profiles"));

  @ParameterizedTest
  @ValueSource(
      strings = {"example-explorer-profile", "browser-sandbox.json", "batch/no-network.json"})
  void nothingIsFound(String path) {
    assertThat(root.check(path))
        .isInstanceOfSatisfying(
            CheckedProfile.class,
            checked -> {
              assertThat(checked.warnings()).isEmpty();
              assertThat(checked.profile().dockerOnly()).isEmpty();
            });
  }
}
