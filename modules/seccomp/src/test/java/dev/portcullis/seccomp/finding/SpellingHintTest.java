package dev.portcullis.seccomp.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingHintTest {
  private static final List<String> KNOWN =
      List.of("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "errnoRet", "mkdir", "mkdirat", "openat2");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "mkdri, mkdir",
        "MKDIR, mkdir",
        "errno, errnoRet",
        "SCMP_ACT_ALOW, SCMP_ACT_ALLOW",
        "SCMP_ACT_TRACE, -",
        "x, -",
      })
  void oneThatIsClose(String written, String name) {
    assertThat(SpellingHint.hint(written, KNOWN))
        .isEqualTo(name == null ? "" : "; did you mean " + name + "?");
  }

  @Test
  void theClosestComesFirst() {
    assertThat(SpellingHint.to("mkdir", KNOWN, 5)).containsExactly("mkdir", "mkdirat");
  }

  @Test
  void endlessTextIsNotCompared() {
    assertThat(SpellingHint.to("a".repeat(100_000), KNOWN, 5)).isEmpty();
  }
}
