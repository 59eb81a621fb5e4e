package dev.portcullis.pods.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingRequestTest {
  @ParameterizedTest
  @CsvSource({"10m,600", "1h30m,5400", "90s,90", "24h,86400", "1h0m1s,3601", "86400s,86400"})
  void durations(String text, long seconds) {
    RecordingRequest request = RecordingRequest.read(text);
    assertThat(request.seconds()).isEqualTo(seconds);
    assertThat(request.wrong()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "true", "-10m", "10m1h", "1.5h", "10 m", "500ms", "9999999999s"})
  void noDurations(String text) {
    RecordingRequest request = RecordingRequest.read(text);
    assertThat(request.seconds()).isZero();
    assertThat(request.wrong()).startsWith("is not a duration in whole hours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "0h0m", "00m"})
  void noTime(String text) {
    assertThat(RecordingRequest.read(text).wrong()).startsWith("is a duration of zero");
  }

  @ParameterizedTest
  @ValueSource(strings = {"25h", "24h1s", "999999999h", "86401s"})
  void tooLong(String text) {
    assertThat(RecordingRequest.read(text).wrong()).startsWith("is longer than 24h");
  }
}
