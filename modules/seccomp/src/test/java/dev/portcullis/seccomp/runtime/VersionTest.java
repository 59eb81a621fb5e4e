package dev.portcullis.seccomp.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  @ParameterizedTest
  @CsvSource({
    "2.5.4, 2.5.4",
    "v2.0.0, 2.0.0",
    "1.6, 1.6.0",
    "1.6.20~ds1, 1.6.20",
    "1.7.12-k3s1, 1.7.12",
    "1.24.1+git, 1.24.1",
    "1.6-rc.1, 1.6.0",
  })
  void isReadAsPeopleWriteIt(String text, String version) {
    assertThat(Version.read(text)).hasToString(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "one", "1.", ".1", "-1.2.3", "1.2.3.4", "12345678.1.1", " 1.2.3"})
  void whatIsNoneIsNone(String text) {
    assertThat(Version.read(text)).isNull();
  }

  @Test
  void numbersAreComparedAsNumbers() {
    List<Version> ordered =
        List.of(
            new Version(1, 6, 9),
            new Version(1, 6, 20),
            new Version(1, 10, 0),
            new Version(2, 0, 0));
    assertThat(ordered).isSorted();
    assertThat(new Version(2, 4, 0)).isEqualByComparingTo(Runtimes.known().firstLibseccomp());
  }
}
