package dev.portcullis.seccomp.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EffortTest {
  private static Ruleset.Entry entry(int number, int conditions) {
    return new Ruleset.Entry(
        0x00050001,
        number,
        IntStream.range(0, conditions)
            .mapToObj(argument -> new Ruleset.Condition(argument, 1, number, 0))
            .toList());
  }

  private static Effort effort(int architectures, Ruleset.Entry... entries) {
    return effort(architectures, Arrays.asList(entries));
  }

  private static Effort effort(int architectures, List<Ruleset.Entry> entries) {
    return Effort.of(
        new Ruleset(
            0x7fff0000, IntStream.range(0, architectures).boxed().toList(), false, entries));
  }

  private static List<Ruleset.Entry> many(int size, int conditions) {
    List<Ruleset.Entry> entries = new ArrayList<>();
    for (int number = 0; number < size; number++) {
      entries.add(entry(number, conditions));
    }
    return entries;
  }

  @Test
  void aCallMayHaveOneLongRuleOrSeveralShortOnes() {
    assertThat(effort(0)).isEqualTo(Effort.SMALL);
    assertThat(effort(3, entry(83, 6), entry(84, 6), entry(83, 0))).isEqualTo(Effort.SMALL);
    assertThat(effort(3, entry(83, 1), entry(83, 1), entry(83, 1))).isEqualTo(Effort.SMALL);
    assertThat(effort(0, entry(83, 2), entry(83, 2))).isEqualTo(Effort.UNKNOWN);
    assertThat(effort(0, entry(83, 1), entry(83, 2))).isEqualTo(Effort.UNKNOWN);
    assertThat(effort(0, entry(83, 2), entry(83, 1))).isEqualTo(Effort.UNKNOWN);
  }

  @Test
  void numbersHaveBounds() {
    assertThat(effort(0, many(32, 1))).isEqualTo(Effort.SMALL);
    assertThat(effort(0, many(33, 1))).isEqualTo(Effort.UNKNOWN);
    assertThat(effort(7, many(1_024, 0))).isEqualTo(Effort.SMALL);
    assertThat(effort(8, many(1_024, 0))).isEqualTo(Effort.UNKNOWN);
    assertThat(effort(0, many(1_025, 0))).isEqualTo(Effort.UNKNOWN);
  }
}
