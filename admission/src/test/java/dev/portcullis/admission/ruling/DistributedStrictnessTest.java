package dev.portcullis.admission.ruling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.proof.ContentProofs;
import dev.portcullis.seccomp.compile.Compiler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DistributedStrictnessTest {
  @Test
  void thereIsNoTimeLeftOnAThreadThatIsInterrupted() {
    DistributedStrictness strictness =
        new DistributedStrictness(
            DistributedProfiles.none(),
            new ContentProofs(Compiler.inThisProcess(), Duration.ofSeconds(1)),
            ArchitectureLabel.OWN,
            List::of);
    assertThat(strictness.hasTime()).isTrue();
    Thread.currentThread().interrupt();
    assertThat(strictness.hasTime()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
