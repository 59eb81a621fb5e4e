package dev.portcullis.node.truth;

import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.container.proof.RuntimeSpecProfiles;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Proves that containers run the filters of their profiles, each container once: what the kernel
/// has taken can only be added to.
///
/// For one thread.
public final class ContainerProofs {
  private final Snapshots snapshots;
  private final boolean all;
  private final Compiler compiler;
  private final Map<String, Proof> known = new HashMap<>();
  private @Nullable Prover prover;

  /// @param snapshots what the runtime was given
  /// @param all whether all containers are looked at, or only those whose pods ask for it
  public ContainerProofs(Snapshots snapshots, boolean all, Compiler compiler) {
    this.snapshots = snapshots;
    this.compiler = compiler;
    this.all = all;
  }

  /// What is proven of a container; null where nothing is to be proven, or it has ended.
  @Nullable Proof of(Cri cri, String id, ContainerRecord record, LiveProcess process)
      throws InterruptedException {
    if (!record.mustBeFiltered() || !(all || record.prove())) {
      return null;
    }
    Proof before = known.get(id);
    if (before != null) {
      return before;
    }
    Proof proof;
    try {
      proof = prover().prove(process, expectation(cri, id, record)).orElse(null);
    } catch (CriException | IOException e) {
      // Of one that was removed meanwhile too: the next look will not find it.
      proof = new Proof.Unknown(String.valueOf(e.getMessage()));
    }
    // What could not be known may be known the next time.
    if (proof != null && !(proof instanceof Proof.Unknown)) {
      known.put(id, proof);
    }
    return proof;
  }

  private Expectation expectation(Cri cri, String id, ContainerRecord record) throws CriException {
    if (!record.namesFile()) {
      return RuntimeSpecProfiles.ofContainer(cri, id, prover());
    }
    String snapshot = record.snapshot();
    return snapshot == null || !snapshot.matches("[0-9a-f]{64}")
        ? new Expectation.Unknown("no record has the content of its profile")
        : RuntimeSpecProfiles.ofFile(snapshots.file(snapshot), prover());
  }

  /// Made when it is needed: it loads libseccomp.
  private Prover prover() {
    if (prover == null) {
      prover = Prover.by(compiler, Bounds.SMALL);
    }
    return prover;
  }

  void forgetOthersThan(Set<String> alive) {
    known.keySet().retainAll(alive);
  }
}
