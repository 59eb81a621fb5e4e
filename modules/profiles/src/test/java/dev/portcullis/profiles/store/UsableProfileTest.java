package dev.portcullis.profiles.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsableProfileTest {
  private static UsableProfile of(String content) {
    return UsableProfile.of(
        "ConfigMap ns/a, key a.json", new ProfileContent(content.getBytes(UTF_8)), List.of());
  }

  @Test
  void aContentThatIsKeptAloneIsReadAgain() {
    assertThat(of("{\"defaultAction\":\"SCMP_ACT_LOG\"}").profile().defaultOutcome().action())
        .isEqualTo(Action.LOG);
  }

  @Test
  void oneThatWasNotCheckedIsOurMistake() {
    assertThatThrownBy(() -> of("{}").profile())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ConfigMap ns/a, key a.json");
  }
}
