package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be said without a container; the rest is tested with real ones.
class VerifyVerbTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pid:",
        "pid:0",
        "pid:-1",
        "pid:+1",
        "pid:01",
        "pid:1x",
        "pid:99999999999",
        "0",
        "01",
        "-1",
        "1x",
        "99999999999",
        "deployment/web"
      })
  void whatIsNoProcess(String operand) {
    Run run = Run.of("verify", "--profile", "unconfined", "--", operand);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "\"" + operand + "\" is neither a process nor a pod; write 1234, pid:1234 or pod/NAME");
  }

  @Test
  void bothAreNeeded() {
    assertThat(Run.of("verify", "pid:1").code()).isEqualTo(2);
    assertThat(Run.of("verify", "--profile", "unconfined").code()).isEqualTo(2);
    assertThat(Run.of("verify", "pid:1", "pid:2", "--profile", "unconfined").code()).isEqualTo(2);
  }

  @Test
  void aProcessThatIsNotThere() {
    // proc(5), pid_max: at most 4,194,304
    Run run = Run.of("verify", "pid:2147483647", "--profile", "unconfined");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("pid:2147483647: there is no such process, or it has ended");
    assertThat(Run.of("verify", "2147483647", "--profile", "unconfined")).isEqualTo(run);
    Run compared = Run.of("profile", "compare", "pid:2147483647", "unconfined");
    assertThat(compared.code()).isEqualTo(3);
    assertThat(compared.out()).isEmpty();
    assertThat(Run.of("profile", "compare", "pid:x", "unconfined").code()).isEqualTo(2);
  }

  @Test
  void aRuntimeThatIsNotThere() {
    Run run =
        Run.of(
            "profile",
            "compare",
            "unconfined",
            "runtime/default",
            "--runtime-endpoint",
            "unix:///nowhere/x.sock");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("runtime/default: ", "/nowhere/x.sock", "--runtime-endpoint");
  }
}
