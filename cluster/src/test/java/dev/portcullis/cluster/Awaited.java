package dev.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What another thread does before long.
final class Awaited {
  private Awaited() {}

  static void that(String what, BooleanSupplier condition) {
    for (int i = 0; i < 4_000 && !condition.getAsBoolean(); i++) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }
}
