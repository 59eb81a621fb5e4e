package dev.portcullis.profiles.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.pods.name.ProfileName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileKeyTest {
  @ParameterizedTest
  @CsvSource({
    "a.json, localhost/a.json",
    "a//b.json, localhost/a/b.json",
    "./a/./b.json/, localhost/a/b.json",
    "..a, localhost/..a",
    "., localhost/"
  })
  void namesOfOneFileHaveOneKey(String path, String text) {
    assertThat(ProfileKey.of(new ProfileName.Localhost(path)).text()).isEqualTo(text);
  }

  @Test
  void isReadAsItWasWritten() {
    ProfileKey key = new ProfileKey("a/b.json");
    assertThat(ProfileKey.read(key.text())).contains(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.json",
        "unconfined",
        "runtime/default",
        "localhost/",
        "localhost/a//b.json",
        "localhost/./a.json",
        "localhost/../a.json",
        "localhost//a.json"
      })
  void otherTextsAreNone(String text) {
    assertThat(ProfileKey.read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "/a", "../a", "a/.", "a/"})
  void noneOfAPathThatIsNotCleaned(String path) {
    assertThatThrownBy(() -> new ProfileKey(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
