package dev.portcullis.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "10s, PT10S",
    "1m30s, PT1M30S",
    "500ms, PT0.5S",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "1s1s, PT2S",
    "7us, PT0.000007S",
    "7µs, PT0.000007S",
    "7μs, PT0.000007S",
    "3ns, PT0.000000003S",
    "0.5ns, PT0S",
    "2562047h47m16.854775807s, PT2562047H47M16.854775807S"
  })
  void readsWhatGoReads(String text, Duration duration) throws UsageException {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "'', is not a duration; write for example 10s",
    "s, is not a duration",
    ".s, is not a duration",
    "1..5s, is not a duration",
    "' 10s', is not a duration",
    "10, lacks a unit; write for example 10s",
    "1m30, lacks a unit",
    "10sec, 'has the unit \"sec\", which is none of h, m, s'",
    "10S, has the unit \"S\"",
    "1d, has the unit \"d\"",
    "-1s, is negative",
    "2562047h47m16.854775808s, longer than Go's longest",
    "99999999999999999999999999h, longer than Go's longest"
  })
  void refusesTheRestWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("\"" + text + "\"")
        .hasMessageContaining(reason);
  }

  @Test
  void aLongTextIsRefusedAtOnceAndCut() {
    assertThatThrownBy(() -> GoDuration.parse("1".repeat(1_000_000) + "s"))
        .isInstanceOf(UsageException.class)
        .message()
        .hasSizeLessThan(200);
  }
}
