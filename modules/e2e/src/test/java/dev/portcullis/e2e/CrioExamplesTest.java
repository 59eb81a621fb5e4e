package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.crio.RealCrio;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every example on CRI-O, as [ExamplesRunTest] has them on containerd: the same profiles, origins,
/// filters and exit codes.
class CrioExamplesTest {
  @RegisterExtension static final RealCrio CRIO = RealCrio.plain();

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void allAtOnceAndNoFilterIsAnother(String handler) {
    RealCrio.requireHandler(handler);
    Result result = Examples.run(CRIO.get().endpoint(), "--runtime-handler=" + handler, "--prove");
    Examples.assertRight(result);
    // Some end after a second, which on a busy machine is before they can be asked.
    assertThat(result.out()).contains("\"proven\" : true").doesNotContain("\"proven\" : false");
  }
}
