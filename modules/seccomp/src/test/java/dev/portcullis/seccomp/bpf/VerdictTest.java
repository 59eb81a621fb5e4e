package dev.portcullis.seccomp.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.profile.Architecture;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final int ERRNO = 0x00050000;

  @Test
  void anErrnoHasItsName() {
    assertThat(Verdict.of(ERRNO | 1)).hasToString("EPERM");
    assertThat(Verdict.of(ERRNO | 38)).hasToString("ENOSYS");
    assertThat(Verdict.of(ERRNO)).hasToString("errno 0");
    assertThat(Verdict.of(ERRNO | 1000)).hasToString("errno 1000");
  }

  /// MIPS and PA-RISC have other numbers above 34.
  @Test
  void theArchitectureDecidesAboutTheName() {
    Verdict absent = Verdict.of(ERRNO | 38);
    assertThat(absent.on(Architecture.X86_64.token())).isEqualTo("ENOSYS");
    assertThat(absent.on(Architecture.AARCH64.token())).isEqualTo("ENOSYS");
    assertThat(absent.on(Architecture.MIPSEL64.token())).isEqualTo("errno 38");
    assertThat(absent.on(Architecture.PARISC.token())).isEqualTo("errno 38");
    assertThat(Verdict.of(ERRNO | 1).on(Architecture.MIPS.token())).isEqualTo("EPERM");
  }
}
