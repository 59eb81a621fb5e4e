package dev.portcullis.container.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The profiles that people copy must be beyond reproach: not even a note.
class ExampleProfilesTest {
  private final ProfileRoot root = new ProfileRoot(Path.of("examples", "profiles"));

  @ParameterizedTest
  @ValueSource(
      strings = {"example-explorer-profile", "browser-sandbox.json", "batch/no-network.json"})
  void nothingIsFound(String path) {
    assertThat(root.check(path))
        .isInstanceOfSatisfying(
            UsableProfile.class,
            checked -> {
              assertThat(checked.findings()).isEmpty();
              assertThat(checked.profile().dockerOnly()).isEmpty();
            });
  }

  /// What containerd and CRI-O give to a container by itself differs, and makes no other profile of
  /// an example.
  @ParameterizedTest
  @ValueSource(
      strings = {"example-explorer-profile", "browser-sandbox.json", "batch/no-network.json"})
  void everyRuntimeGetsTheSame(String path) {
    assertThat(root.check(path))
        .isInstanceOfSatisfying(
            UsableProfile.class,
            checked ->
                assertThat(
                        Stream.of("containerd 2.1.4", "cri-o 1.36.3")
                            .map(runtime ->
                                RuntimeProfile.of(checked, target(runtime)).content().sha256())
                            .distinct())
                    .hasSize(1));
  }

  private static Target target(String runtime) {
    String[] words = runtime.split(" ", -1);
    return new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1))
        .target(
            Runtimes.known()
                .container(words[0], words[1])
                .orElseThrow()
                .facts()
                .defaultCapabilities());
  }
}
