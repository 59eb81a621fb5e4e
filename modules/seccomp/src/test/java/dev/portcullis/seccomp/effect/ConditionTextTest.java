package dev.portcullis.seccomp.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.Range;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionTextTest {
  private static String text(ArgumentValues values) {
    return ConditionText.of(condition(values), List.of("personality"));
  }

  private static CallCondition condition(ArgumentValues values) {
    CallCondition.Test test = new CallCondition.Test(0, values);
    return new CallCondition(List.of(new CallCondition.Alternative(List.of(test))), true);
  }

  private static ArgumentValues within(long... ends) {
    return new ArgumentValues.Within(ranges(ends));
  }

  private static List<Range> ranges(long... ends) {
    return IntStream.range(0, ends.length / 2)
        .mapToObj(i -> new Range(ends[2 * i], ends[2 * i + 1]))
        .toList();
  }

  @Test
  void ranges() {
    assertThat(registers(within(3, 3))).isEqualTo("persona is 3");
    assertThat(registers(within(0, 3, 7, 9))).isEqualTo("persona is at most 3 or is 7 to 9");
    assertThat(registers(within(2, -1))).isEqualTo("persona is at least 2");
    assertThat(registers(within(0, 1, 4, -1))).isEqualTo("persona is at most 1 or is at least 4");
  }

  @Test
  void whatIsMissingIsSaidWhereItStandsAlone() {
    assertThat(registers(within(1, -1))).isEqualTo("persona is not 0");
    assertThat(registers(within(0, -2))).isEqualTo("persona is not 0xffffffffffffffff");
    assertThat(registers(within(0, 7, 9, -1))).isEqualTo("persona is not 8");
    assertThat(registers(within(1, 7, 9, 0x1ffff, 0x20001, -1)))
        .isEqualTo("persona is none of 0, 8, 0x20000");
    assertThat(registers(within(0, 0, 2, -1))).isEqualTo("persona is not 1");
  }

  private static String registers(ArgumentValues values) {
    return ConditionText.ofRegisters(condition(values), List.of("personality"));
  }

  private static ArgumentValues lower(List<Range> ranges) {
    return new ArgumentValues.Halves(ranges(0, 0xffffffffL), ranges);
  }

  private static ArgumentValues upper(List<Range> upper, long... lower) {
    return new ArgumentValues.Halves(upper, ranges(lower));
  }

  /// As filters that compare registers with numbers ask for an argument of 32 bits.
  @Test
  void halves() {
    assertThat(text(within(3, 3))).isEqualTo("persona is 3 and its upper 32 bits are 0");
    assertThat(text(within(0, 7, 9, -1)))
        .isEqualTo("persona is not 8 or its upper 32 bits are not 0");
    assertThat(text(within(2, -1)))
        .isEqualTo("persona is at least 2 or its upper 32 bits are not 0");
    assertThat(text(within(0, 3, 7, 9)))
        .isEqualTo("persona is at most 3 or is 7 to 9 and its upper 32 bits are 0");
    assertThat(text(within(0x100000003L, 0x100000003L)))
        .isEqualTo("persona is 3 and its upper 32 bits are 1");
    assertThat(text(upper(ranges(1, 0xffffffffL), 8, 8)))
        .isEqualTo("persona is 8 and its upper 32 bits are not 0");
    assertThat(text(upper(ranges(1, 2, 9, 9), 8, 8)))
        .isEqualTo("persona is 8 and its upper 32 bits are 1 to 2 or are 9");
  }

  @Test
  void lowerHalves() {
    assertThat(text(lower(ranges(1, 7, 9, 0xfffffffeL))))
        .isEqualTo("persona is none of 0, 8, 0xffffffff, with any upper 32 bits");
    assertThat(text(lower(ranges(5, 6, 9, 0xffffffffL))))
        .isEqualTo("persona is 5 to 6 or is at least 9, with any upper 32 bits");
    assertThat(text(new ArgumentValues.NotMasked(0xffffffffL, 8)))
        .isEqualTo("persona is not 8, with any upper 32 bits");
    assertThat(text(new ArgumentValues.Masked(0xffffffffL, 8)))
        .isEqualTo("persona is 8, with any upper 32 bits");
  }

  @Test
  void registersHave64Bits() {
    assertThat(registers(lower(ranges(5, 6)))).isEqualTo("persona is 5 to 6 in its lower 32 bits");
    assertThat(registers(upper(ranges(1, 0xffffffffL), 8, 8)))
        .isEqualTo("persona is 8 in its lower 32 bits and its upper 32 bits are not 0");
    assertThat(registers(new ArgumentValues.NotMasked(0xffffffffL, 8)))
        .isEqualTo("persona is not 8 in its lower 32 bits");
  }

  @Test
  void severalArguments() {
    CallCondition.Test domain =
        new CallCondition.Test(0, new ArgumentValues.Masked(0xffffffffL, 16));
    CallCondition.Test type = new CallCondition.Test(1, within(0, 2, 4, -1));
    CallCondition.Test other = new CallCondition.Test(3, within(5, 5));
    assertThat(
            ConditionText.of(
                new CallCondition(
                    List.of(new CallCondition.Alternative(List.of(domain, type, other))), true),
                List.of("socket")))
        .isEqualTo(
            "domain is 16, with any upper 32 bits, and (type is not 3 or its upper 32 bits are"
                + " not 0) and arg3 is 5");
  }
}
