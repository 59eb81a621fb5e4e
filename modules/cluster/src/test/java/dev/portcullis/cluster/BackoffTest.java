package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(15));

  @Test
  void twiceAsLongEachTimeAndNeverLongerThanTheMost() {
    Duration second = backoff.after(backoff.first());
    assertThat(second).isEqualTo(Duration.ofSeconds(10));
    assertThat(backoff.after(second)).isEqualTo(backoff.most());
    assertThat(backoff.after(backoff.most())).isEqualTo(backoff.most());
  }

  @Test
  void spreadIsNeverShorterAndNeverTwiceAsLong() {
    Duration pause = Duration.ofNanos(2);
    for (int i = 0; i < 100; i++) {
      assertThat(Backoff.spread(pause)).isBetween(pause, Duration.ofNanos(3));
    }
  }
}
