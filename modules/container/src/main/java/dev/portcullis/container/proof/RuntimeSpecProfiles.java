package dev.portcullis.container.proof;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.cri.RuntimeSpecSeccomp;
import dev.portcullis.cri.runtime.RuntimeDefaultProfile;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.json.ProfileReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What is expected of a container, from where its profile can be had.
public final class RuntimeSpecProfiles {
  private RuntimeSpecProfiles() {}

  /// The runtime's default: what the runtime reports that it gave to this container.
  public static Expectation ofContainer(Cri cri, String containerId, Prover prover)
      throws CriException {
    Optional<RuntimeSpecSeccomp> given = cri.given(containerId);
    if (given.isEmpty()) {
      return new Expectation.Unknown(
          "the runtime does not tell what its default profile is (containerd and CRI-O do)");
    }
    if (given.get().isAnother()) {
      return new Expectation.Unknown(
          "the runtime says that it gave the container another profile than its default");
    }
    if (given.get().isWatched(containerId)) {
      return unwatched(cri, containerId, given.get(), prover);
    }
    Optional<byte[]> profile = given.get().profile();
    return profile.isEmpty()
        ? new Expectation.Unknown("the runtime reports that it gave the container no profile")
        : prover.expectation(profile.get());
  }

  /// What the runtime's default is where its notifier has not changed it, as another container has
  /// it.
  private static Expectation unwatched(
      Cri cri, String containerId, RuntimeSpecSeccomp watched, Prover prover) throws CriException {
    String sandbox = "";
    for (KnownContainer container : cri.all()) {
      if (container.id().equals(containerId)) {
        sandbox = container.sandboxId();
      }
    }
    return switch (RuntimeDefaultProfile.search(
        cri, watched.boundingCapabilities(), cri.handlerOfSandbox(sandbox).orElse(""))) {
      case RuntimeDefaultProfile.Found(_, RuntimeSpecSeccomp given) ->
          prover.expectation(given.profile().orElseThrow());
      case RuntimeDefaultProfile.NotFound _ ->
          new Expectation.Unknown(
              "the runtime's seccomp notifier has changed its default profile: what that denies is"
                  + " asked of the process that listens at "
                  + QuotedText.path(watched.listener())
                  + "; remove the annotation by which the pod asks for it");
    };
  }

  /// The file that the runtime was given.
  public static Expectation ofFile(Path file, Prover prover) {
    try (InputStream in = Files.newInputStream(file)) {
      return prover.expectation(in.readNBytes(ProfileReader.RUNTIME_LIMITS.bytes() + 1));
    } catch (IOException e) {
      return new Expectation.Unknown(file + ", which the runtime was given, cannot be read: " + e);
    }
  }
}
