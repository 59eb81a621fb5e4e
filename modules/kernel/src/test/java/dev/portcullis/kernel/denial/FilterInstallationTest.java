package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FilterInstallationTest {
  private static final FilterInstallation CALLS = new FilterInstallation(Set.of(317), Set.of(157));

  private static boolean give(long number, long first) {
    return CALLS.give(new CallEntry(1, 7, number, first));
  }

  /// The kernel takes an int.
  @Test
  void prctlDoesMuchElse() {
    assertThat(give(317, 0)).isTrue();
    assertThat(give(157, 22)).isTrue();
    assertThat(give(157, 0x5_0000_0016L)).isTrue();
    assertThat(give(157, 15)).isFalse();
    assertThat(give(90, 22)).isFalse();
  }
}
