package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0", "1, 1", "500m, 1", "1500m, 2", "64Mi, 67108864", "1.5Gi, 1610612736", "1e3, 1000",
    "1E3, 1000", "1E, 1000000000000000000", ".5k, 500", "5., 5", "1n, 1", "+2, 2", "2k, 2000",
    "9999999Ei, 9223372036854775807", "1e99, 9223372036854775807", "1e-99, 1"
  })
  void wholeUnits(String text, long whole) {
    BigDecimal value = Objects.requireNonNull(Quantity.parse(text));
    assertThat(Quantity.whole(value)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " 1", "1 ", "Mi", "1mi", "1KI", "0x10", "1e", "1e999", "NaN", "1,5", "--1"})
  void noQuantity(String text) {
    assertThat(Quantity.parse(text)).isNull();
  }

  @Test
  void aLongNumberIsNoQuantity() {
    assertThat(Quantity.parse("9".repeat(100_000))).isNull();
  }
}
