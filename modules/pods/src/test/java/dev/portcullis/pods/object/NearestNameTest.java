package dev.portcullis.pods.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "seccompprofile, seccompProfile", // case aside
    "secompProfile, seccompProfile", // one is missing
    "secccompProfile, seccompProfile", // one too many
    "seccopmProfile, seccompProfile", // swapped
    "zeccumpProvile, seccompProfile", // replaced
    "runAsUser, runAsUser",
    "runAsNonRoot, ", // as long, and nothing alike
    "profileSeccomp, ", // the same letters, and far all the same
    "x, ",
  })
  void findsWhatWasMeant(String text, String expected) {
    assertThat(NearestName.of(text, List.of("runAsUser", "seccompProfile"))).isEqualTo(expected);
  }

  /// A slip must not turn into its opposite.
  @ParameterizedTest
  @CsvSource({"confined, ", "Confind, ", "unconfned, unconfined", "Unconfined, unconfined"})
  void neverTheOpposite(String text, String expected) {
    assertThat(NearestName.of(text, List.of("unconfined"))).isEqualTo(expected);
  }
}
