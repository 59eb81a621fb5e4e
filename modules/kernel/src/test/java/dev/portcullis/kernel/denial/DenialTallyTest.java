package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Verdict;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DenialTallyTest {
  private final DenialTally<String> tally = new DenialTally<>(3, "others");

  private void add(String subject, long number, int errno) {
    var _ =
        tally.add(
            subject,
            new CallAnswer(1, 7, number, Verdict.of(0x50000 | errno), -errno),
            Instant.EPOCH);
  }

  /// A program can give itself ever new names, and make calls of ever new numbers.
  @Test
  void whoeverFillsItHidesNoOther() {
    for (int i = 0; i < 1000; i++) {
      add("sh " + i, 1000 + i, 1);
    }
    assertThat(tally.omitted()).isEqualTo(997);
    for (int errno = 1; errno < 100; errno++) {
      add("sh", 165, errno);
    }
    assertThat(tally.omitted()).isEqualTo(997 + 91);
    add("sh", 90, 13);
    add("cp", 90, 13);
    assertThat(tally.denials()).hasSize(3 + 8 + 1);
    assertThat(tally.denials().getLast())
        .satisfies(last -> {
          assertThat(last.subject()).isEqualTo("others");
          assertThat(last.number()).isEqualTo(90);
          assertThat(last.count()).isEqualTo(2);
        });
  }

  @Test
  void whatWasThereBeforeIsCountedOn() {
    for (int i = 0; i < 5; i++) {
      add("sh", 90 + i % 4, 1);
    }
    assertThat(tally.denials())
        .extracting(denial -> denial.subject() + " " + denial.number() + " x" + denial.count())
        .containsExactly("sh 90 x2", "sh 91 x1", "sh 92 x1", "others 93 x1");
    assertThat(tally.omitted()).isZero();
  }
}
