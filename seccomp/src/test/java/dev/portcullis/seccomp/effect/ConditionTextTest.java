package dev.portcullis.seccomp.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.meaning.Condition;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.meaning.Values;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionTextTest {
  private static String text(Values values) {
    Condition.Test test = new Condition.Test(0, values);
    return ConditionText.of(
        new Condition(List.of(new Condition.Alternative(List.of(test))), true),
        List.of("personality"));
  }

  private static Values within(long... ends) {
    return new Values.Within(ranges(ends));
  }

  private static List<Range> ranges(long... ends) {
    return IntStream.range(0, ends.length / 2)
        .mapToObj(i -> new Range(ends[2 * i], ends[2 * i + 1]))
        .toList();
  }

  @Test
  void ranges() {
    assertThat(text(within(3, 3))).isEqualTo("persona is 3");
    assertThat(text(within(0, 3, 7, 9))).isEqualTo("persona is at most 3 or is 7 to 9");
    assertThat(text(within(2, -1))).isEqualTo("persona is at least 2");
    assertThat(text(within(0, 1, 4, -1))).isEqualTo("persona is at most 1 or is at least 4");
  }

  @Test
  void whatIsMissingIsSaidWhereItStandsAlone() {
    assertThat(text(within(1, -1))).isEqualTo("persona is not 0");
    assertThat(text(within(0, -2))).isEqualTo("persona is not 0xffffffffffffffff");
    assertThat(text(within(0, 7, 9, -1))).isEqualTo("persona is not 8");
    assertThat(text(within(1, 7, 9, 0x1ffff, 0x20001, -1)))
        .isEqualTo("persona is none of 0, 8, 0x20000");
    assertThat(text(within(0, 0, 2, -1))).isEqualTo("persona is not 1");
  }

  @Test
  void lowerHalves() {
    assertThat(text(new Values.LowerHalf(ranges(1, 7, 9, 0xfffffffeL))))
        .isEqualTo("persona is none of 0, 8, 0xffffffff in its lower 32 bits");
    assertThat(text(new Values.LowerHalf(ranges(5, 6, 9, 0xffffffffL))))
        .isEqualTo("persona is 5 to 6 or is at least 9 in its lower 32 bits");
    assertThat(text(new Values.NotMasked(0xffffffffL, 8)))
        .isEqualTo("persona is not 8 in its lower 32 bits");
  }
}
