package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunDeadlineTest {
  @Test
  void whatWouldWaitForEverIsInterrupted() {
    RunDeadline limit = new RunDeadline(System.nanoTime() + Duration.ofMillis(50).toNanos());
    assertThatThrownBy(() -> new CountDownLatch(1).await())
        .isInstanceOf(InterruptedException.class);
    assertThat(limit.isOver()).isTrue();
    limit.close();
  }

  @Test
  void afterItIsClosedNobodyIsInterrupted() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      RunDeadline limit = new RunDeadline(System.nanoTime() + 1_000_000);
      limit.close();
      boolean interrupted = Thread.interrupted();
      assertThat(limit.isOver()).isEqualTo(interrupted);
    }
    Thread.sleep(20);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    try (RunDeadline never = new RunDeadline(Long.MAX_VALUE)) {
      assertThat(never.isOver()).isFalse();
    }
  }
}
