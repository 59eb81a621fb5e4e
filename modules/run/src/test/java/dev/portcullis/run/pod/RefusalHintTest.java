package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The refusals are what runtimes said on Linux 6.18.
class RefusalHintTest {
  private static final String PROFILE = "localhost/strict.json";

  @ParameterizedTest
  @ValueSource(
      strings = {
        // containerd 1.6.20 and runc 1.1.5
        "failed to start containerd task \"97bf\": OCI runtime start failed: cannot start an already"
            + " running container: unknown",
        "failed to create containerd task: failed to create shim task: OCI runtime create failed:"
            + " runc create failed: unable to start container process: error closing exec fds: open"
            + " /proc/self/fd: operation not permitted: unknown",
        "failed to start containerd task \"5681\": cannot start a stopped process: unknown",
        // containerd 1.6.20 and crun 1.8.1
        "failed to create containerd task: failed to create shim task: OCI runtime create failed:"
            + " read from the init process: unknown",
        "OCI runtime create failed: prctl drop bounding: Operation not permitted: unknown",
        // CRI-O 1.37 and runc 1.1.5
        "open /proc/2405/stat: no such file or directory",
        "container b8e8 is not in created state: stopped",
        "container create failed: time=\"2026-11-29T00:01:24Z\" level=error msg=\"runc create failed:"
            + " unable to start container process: unable to apply caps: operation not permitted\"",
        // CRI-O 1.37 and crun 1.28
        "container create failed: read from the init process",
        "container create failed: capset: Operation not permitted",
      })
  void theProfileMayBeAtFault(String words) {
    assertThat(RefusalHint.of(words, PROFILE)).contains(PROFILE, "execve, futex or openat");
    assertThat(RefusalHint.of(words, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no runtime for \"nope\" is configured",
        "container create failed: time=\"2026-11-29T00:01:24Z\" level=error msg=\"runc create failed:"
            + " unable to start container process: exec: \\\"slep\\\": executable file not found in"
            + " $PATH\"",
        "runc create failed: unable to start container process: exec: \"/etc/passwd\": permission"
            + " denied: unknown",
        "container create failed: open executable: Permission denied",
        "container create failed: executable file `slep` not found in $PATH: No such file or"
            + " directory",
        "failed to mount /a/b to rootfs at /c: not a directory",
      })
  void theProfileHasNothingToDoWithIt(String words) {
    assertThat(RefusalHint.of(words, PROFILE)).isEmpty();
  }

  @Test
  void theRealCauseIsNamed() {
    assertThat(
            RefusalHint.of(
                "Source image rejected: Running image localhost/x:1 is rejected by policy.",
                PROFILE))
        .contains("signature policy", "containers-policy.json(5)")
        .doesNotContain(PROFILE);
    assertThat(RefusalHint.of("container create failed: unknown version specified", PROFILE))
        .contains("ociVersion")
        .doesNotContain(PROFILE);
    assertThat(
            RefusalHint.of(
                "runc create failed: unable to start container process: unable to apply cgroup"
                    + " configuration: mkdir /sys/fs/cgroup/x: operation not permitted",
                PROFILE))
        .contains("systemd or cgroupfs")
        .doesNotContain(PROFILE);
    assertThat(
            RefusalHint.of(
                "crun: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by"
                    + " crun)",
                PROFILE))
        .contains("C library")
        .doesNotContain(PROFILE);
  }
}
