package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cri.RuntimeVersion;
import dev.portcullis.run.containerd.PrivateContainerd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.Api.SecurityProfile.ProfileType;

/// containerd 2, which Debian 12 does not have: it speaks CRI `runtime.v1` and nothing older.
class NewContainerdTest {
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/";

  private static PrivateContainerd containerd;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    RealRuntime.requireMachine();
    Path programs = DebianSid.programs();
    Path parent = Path.of("/var/lib/portcullis-e2e");
    Files.createDirectories(parent);
    containerd =
        PrivateContainerd.start(
            new PrivateContainerd.Options(parent, Map.of(), Duration.ofSeconds(60), programs),
            line -> System.out.println("e2e: " + line));
  }

  @AfterAll
  static void end() throws Exception {
    if (containerd != null) {
      containerd.close();
    }
  }

  @Test
  void itIsNewer() throws Exception {
    RuntimeVersion version = containerd.cri().version();
    assertThat(version.name()).isEqualTo("containerd");
    assertThat(version.version()).doesNotStartWith("1.").doesNotStartWith("v1.");
    assertThat(version.api()).isEqualTo("v1");
  }

  @Test
  void itsDefaultIsBuiltIn() throws Exception {
    String builtIn = BuiltIn.of(containerd.cri());
    try (KubeletCalls kubelet =
        new KubeletCalls(
            Path.of(containerd.endpoint().substring("unix://".length())),
            false,
            Files.createDirectories(directory.resolve("logs")),
            containerd.cgroupParent())) {
      KubeletCalls.Pod pod = kubelet.runPod("usual", "", Map.of());
      kubelet.start(
          kubelet.create(
              pod,
              "one",
              asked ->
                  asked.setSeccomp(
                      Api.SecurityProfile.newBuilder()
                          .setProfileType(ProfileType.RuntimeDefault))));
      Portcullis.Result compared =
          Portcullis.run(
              "profile",
              "compare",
              "runtime/default",
              builtIn,
              "--runtime-endpoint=" + containerd.endpoint());
      assertThat(compared.code()).as(compared.out() + compared.err()).isZero();
      assertThat(compared.out()).contains("runtime/default is EQUAL to " + builtIn);
      kubelet.remove(pod);
    }
  }

  /// With Debian 12's runc; its crun is too old for this containerd ("unknown version specified").
  @Test
  void theExamplesRunOnIt() {
    Examples.assertRight(Examples.run(containerd.endpoint(), "--prove"));
  }

  @Test
  void theExamplesRunOnItThroughANode() throws Exception {
    try (NodeProcess node = node()) {
      Examples.assertRight(Examples.run(node.endpoint(), "--prove"));
      assertThat(node.said()).contains("localhost/browser-sandbox.json");
    }
  }

  private NodeProcess node() throws Exception {
    return new NodeProcess(
        directory,
        containerd.endpoint(),
        "--seccomp-profile-root=" + RealRuntime.example("profiles"));
  }

  /// As kubelets from 1.25 on ask, which read no annotation.
  @Test
  void annotationsCountOnANode() throws Exception {
    try (NodeProcess node = node();
        KubeletCalls kubelet =
            new KubeletCalls(
                node.socket(), false, Files.createDirectories(directory.resolve("logs")))) {
      KubeletCalls.Pod pod =
          kubelet.runPod(
              "new",
              "",
              Map.of(KEY + "named", "localhost/batch/no-network.json", KEY + "free", "unconfined"));
      for (String container : List.of("named", "free", "silent")) {
        kubelet.start(kubelet.create(pod, container));
      }
      assertThat(line("named"))
          .contains("localhost/batch/no-network.json container-annotation", "filtered");
      assertThat(line("free")).contains("unconfined container-annotation", "unconfined");
      assertThat(line("silent"))
          .contains("runtime/default node-default", "Seccomp: 2 (1 filter) filtered");
      kubelet.remove(pod);
    }
  }

  private static String line(String container) {
    String line = "";
    for (int i = 0; i < 100 && (line.isEmpty() || line.contains("unseen")); i++) {
      line =
          Portcullis.run("node", "status", "--runtime-endpoint=" + containerd.endpoint())
              .out()
              .lines()
              .filter(it -> it.matches("proxied/new +" + container + " .*"))
              .findFirst()
              .orElse("")
              .replaceAll(" +", " ");
      LockSupport.parkNanos(20_000_000);
    }
    return line;
  }

  @Test
  void anOldKubeletHearsThatItIsTooOld() throws Exception {
    try (NodeProcess node = node();
        KubeletCalls old =
            new KubeletCalls(
                node.socket(), true, Files.createDirectories(directory.resolve("logs")))) {
      assertThatThrownBy(() -> old.runPod("old", "", Map.of()))
          .hasMessageContaining("UNIMPLEMENTED");
    }
  }
}
