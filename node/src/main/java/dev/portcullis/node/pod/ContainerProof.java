package dev.portcullis.node.pod;

import dev.portcullis.node.cri.Cri;
import dev.portcullis.node.cri.CriException;
import dev.portcullis.node.cri.SeccompSetting;
import dev.portcullis.node.kernel.LiveProcess;
import dev.portcullis.node.proof.Expectation;
import dev.portcullis.node.proof.Proof;
import dev.portcullis.node.proof.Prover;
import dev.portcullis.node.proof.RuntimeSpecProfiles;
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
