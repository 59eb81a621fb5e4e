package dev.portcullis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cli.options.UsageException;
import dev.portcullis.node.DistributionOptions;
import dev.portcullis.node.NodeOptions;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCommandTest {
  private static NodeOptions options(String... args) throws UsageException, IOException {
    return NodeCommand.options(NodeCommand.VERB.grammar().parse(List.of(args)));
  }

  @Test
  void whatItDoesUnlessToldOtherwise() throws UsageException, IOException {
    NodeOptions options = options();
    assertThat(options.listen()).isEqualTo(Path.of("/run/portcullis/cri.sock"));
    assertThat(options.runtimeEndpoint()).isEqualTo("unix:///run/containerd/containerd.sock");
    assertThat(options.profileRoot()).isEqualTo(Path.of("/var/lib/kubelet/seccomp"));
    assertThat(options.defaultProfile()).isEqualTo(ProfileName.RUNTIME_DEFAULT);
    assertThat(options.snapshots()).isEqualTo(Path.of("/run/portcullis/profiles"));
    assertThat(options.health().getAddress().isLoopbackAddress()).isTrue();
    assertThat(options.health().getPort()).isEqualTo(10289);
  }

  @Test
  void whatItIsTold() throws UsageException, IOException {
    NodeOptions options =
        options(
            "--listen=unix:///tmp/./x.sock",
            "--runtime-endpoint=unix:///run/crio/crio.sock",
            "--root-dir=/srv/kubelet",
            "--default-profile=localhost/base.json",
            "--run-dir=/run/other/",
            "--health-listen=[::1]:0");
    assertThat(options.listen()).isEqualTo(Path.of("/tmp/x.sock"));
    assertThat(options.runtimeEndpoint()).isEqualTo("unix:///run/crio/crio.sock");
    assertThat(options.profileRoot()).isEqualTo(Path.of("/srv/kubelet/seccomp"));
    assertThat(options.defaultProfile().text()).isEqualTo("localhost/base.json");
    assertThat(options.snapshots()).isEqualTo(Path.of("/run/other/profiles"));
    assertThat(options.health().getPort()).isZero();
    assertThat(options("--run-dir=/run/other").listen()).isEqualTo(Path.of("/run/other/cri.sock"));
    assertThat(options("--seccomp-profile-root=/p", "--root-dir=/srv").profileRoot())
        .isEqualTo(Path.of("/p"));
  }

  @Test
  void whichLibseccompTheClusterIsTold() throws UsageException, IOException {
    assertThat(libseccomp("--libseccomp=2.6.1")).isEqualTo("2.6.1");
    // The one beside it, where there is one.
    assertThat(libseccomp()).isEqualTo(Compiler.inThisProcess().version().orElse(null));
    assertThatThrownBy(() -> libseccomp("--libseccomp=newest"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--libseccomp \"newest\" is not a version such as");
    assertThatThrownBy(() -> options("--libseccomp=2.6.1"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("give --profiles-namespace, too");
  }

  private static @Nullable String libseccomp(String... more) throws UsageException, IOException {
    List<String> words = new ArrayList<>(List.of("--profiles-namespace=nodes", "--node-name=n"));
    words.addAll(List.of(more));
    DistributionOptions distribution = options(words.toArray(String[]::new)).distribution();
    assertThat(distribution).isNotNull();
    return distribution.libseccomp();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--listen=/run/x.sock",
        "--listen=unix://x.sock",
        "--runtime-endpoint=tcp://127.0.0.1:1",
        "--default-profile=junk",
        "--health-listen=0.0.0.0:80",
        "--health-listen=example.org:80",
        "--health-listen=127.0.0.1",
        "--health-listen=127.0.0.1:99999",
        "--health-listen=127.0.0.999:80",
        "--health-listen=127.0.0.256:80",
        "--health-listen=127.0.0.01:80"
      })
  void whatItDoesNotTake(String argument) {
    String option = argument.substring(0, argument.indexOf('='));
    assertThatThrownBy(() -> options(argument))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(option);
  }
}
