package dev.portcullis.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SeccompStateTest {
  @Test
  void whatTheRuntimeHasItselfIsNoFilterOfTheContainer() {
    SeccompState two = new SeccompState(SeccompState.Mode.FILTER, 2);
    assertThat(two.exceeds(1)).isTrue();
    assertThat(two.exceeds(2)).isFalse();
    assertThat(new SeccompState(SeccompState.Mode.DISABLED, 0).exceeds(0)).isFalse();
    assertThat(new SeccompState(SeccompState.Mode.FILTER, null).exceeds(0)).isTrue();
  }

  private static String status(String... lines) {
    return "Name:\tx\nNoNewPrivs:\t0\n" + String.join("\n", lines) + "\n";
  }

  @Test
  void modeAndCount() {
    assertThat(SeccompState.parse(status("Seccomp:\t2", "Seccomp_filters:\t3")))
        .isEqualTo(new SeccompState(SeccompState.Mode.FILTER, 3));
    assertThat(SeccompState.parse(status("Seccomp:\t0", "Seccomp_filters:\t0")))
        .isEqualTo(new SeccompState(SeccompState.Mode.DISABLED, 0));
  }

  @Test
  void olderKernelsDoNotCount() {
    assertThat(SeccompState.parse(status("Seccomp:\t2")))
        .isEqualTo(new SeccompState(SeccompState.Mode.FILTER, null));
  }

  @Test
  void absentIsNotUnfiltered() {
    assertThat(SeccompState.parse(status("Speculation_Store_Bypass:\tvulnerable"))).isNull();
  }

  /// A process that its filter kills.
  @Test
  void aDyingProcessHasTheFilterOfWhichItDies() {
    assertThat(SeccompState.parse(status("Seccomp:\t3", "Seccomp_filters:\t1")))
        .isEqualTo(new SeccompState(SeccompState.Mode.FILTER, 1));
    assertThat(SeccompState.parse(status("Seccomp:\t3", "Seccomp_filters:\t0")))
        .isEqualTo(new SeccompState(SeccompState.Mode.STRICT, 0));
  }

  @Test
  void unknownModesAreNotGuessed() {
    assertThatThrownBy(() -> SeccompState.parse(status("Seccomp:\t7"))).hasMessageContaining("7");
  }

  @Test
  void theStateOfThisProcess() throws Exception {
    try (LiveProcess self = LiveProcess.open(ProcessHandle.current().pid()).orElseThrow()) {
      assertThat(self.seccomp()).isPresent();
      assertThat(self.inContainer("no-such-container")).isFalse();
    }
  }

  @Test
  void anEndedProcessHasNoState() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try (LiveProcess held = LiveProcess.open(child.pid()).orElseThrow()) {
      assertThat(held.seccomp()).isPresent();
      child.destroyForcibly();
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(held.seccomp()).isEmpty();
      assertThat(held.inContainer("x")).isFalse();
    }
    assertThat(LiveProcess.open(child.pid())).isEmpty();
  }

  @Test
  void aPidIsANumberThatExists() throws IOException {
    assertThat(LiveProcess.open(Long.MAX_VALUE)).isEmpty();
  }
}
