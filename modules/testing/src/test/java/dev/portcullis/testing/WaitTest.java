package dev.portcullis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitTest {
  @Test
  void itLooksUntilTheConditionHolds() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Wait.until("three looks", () -> looks.incrementAndGet() == 3);
    assertThat(looks).hasValue(3);
  }
}
