package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every example, on runc and on crun.
@ExtendWith(RealRuntime.class)
class ExamplesRunTest {

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void allAtOnce(String handler) {
    Examples.assertRight(Examples.run(RealRuntime.endpoint(), "--runtime-handler=" + handler));
  }

  @Test
  void theOneThatIsRefusedStartsNothing() {
    Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--policy",
            RealRuntime.example("policies"),
            "--as=ann",
            "--as-group=developers",
            RealRuntime.example("refused.yaml"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("may not run under unconfined", "nothing was started");
  }
}
