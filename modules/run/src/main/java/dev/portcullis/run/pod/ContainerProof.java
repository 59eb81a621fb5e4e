package dev.portcullis.run.pod;

import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.container.proof.RuntimeSpecProfiles;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.process.LiveProcess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Proves of a container that it runs the filter of its profile.
record ContainerProof(Cri cri, Prover prover, PreparedProfile profile) {

  /// What is proven of it; null where it has ended.
  @Nullable Proof of(String containerId, LiveProcess process)
      throws CriException, IOException, InterruptedException {
    return prover.prove(process, () -> expectation(containerId)).orElse(null);
  }

  private Expectation expectation(String containerId) throws CriException {
    return switch (profile.expected()) {
      case SeccompSetting.Unconfined _ -> Expectation.UNCONFINED;
      case SeccompSetting.RuntimeDefault _ ->
          RuntimeSpecProfiles.ofContainer(cri, containerId, prover);
      case SeccompSetting.Localhost(var file) -> RuntimeSpecProfiles.ofFile(file, prover);
    };
  }
}
