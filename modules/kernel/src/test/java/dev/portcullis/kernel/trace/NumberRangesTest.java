package dev.portcullis.kernel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NumberRangesTest {
  @Test
  void neighboursAreOneRange() {
    assertThat(NumberRanges.of(Set.of(1, 2, 3, 7, 9, 10)::contains, 600).text())
        .isEqualTo("(id>=1&&id<=3)||id==7||(id>=9&&id<=10)||id>=600");
    assertThat(NumberRanges.of(_ -> false, 600).text()).isEqualTo("id>=600");
  }

  /// The kernel reads a page, and 4,884 characters are EINVAL.
  @Test
  void whatIsTooLongLetsMoreIn() {
    NumberRanges every = NumberRanges.of(number -> number % 3 != 0, 2000);
    String text = every.text();
    assertThat(text.length()).isLessThanOrEqualTo(4000).isGreaterThan(2000);
    assertThat(text).startsWith("(id>=1&&id<=").endsWith("id==1999||id>=2000");
  }
}
