package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.e2e.crio.RealCrio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A CRI-O that checks images by a policy, and has a filter for privileged containers.
class CrioStrictTest {
  @RegisterExtension static final RealCrio CRIO = RealCrio.strict();

  @TempDir private Path directory;

  /// It wants to hear which image the pod names (`user_specified_image` of CRI's ImageSpec).
  @Test
  void aPodRunsWhereImagesAreChecked() throws IOException {
    Result result =
        Portcullis.run(
            "run",
            "-o=json",
            "--runtime-endpoint=" + CRIO.get().endpoint(),
            PodText.shell(directory, "checked", "echo ran; sleep 0.5"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("ran");
    assertThat(result.containers().get("c")).extracting(Container::exitCode).isEqualTo(0);
  }

  /// crio.conf(5), `privileged_seccomp_profile`: stricter than what was asked for, and no alarm.
  @Test
  void aPrivilegedContainerHasTheFilterThatTheConfigurationNames() throws Exception {
    try (NodeProcess node = new NodeProcess(directory, CRIO.get().endpoint());
        KubeletCalls kubelet =
            new KubeletCalls(
                node.socket(),
                false,
                Files.createDirectories(directory.resolve("logs")),
                CRIO.get().cgroupParent())) {
      KubeletCalls.Pod pod = kubelet.runPod("big", "", Map.of(), true);
      kubelet.start(kubelet.create(pod, "one", asked -> asked.setPrivileged(true)));
      Result status =
          Portcullis.run("node", "status", "--runtime-endpoint=" + CRIO.get().endpoint());
      kubelet.remove(pod);
      assertThat(status.code()).as(status.err()).isZero();
      assertThat(status.out().replaceAll(" +", " "))
          .contains("proxied/big one unconfined privileged - Seccomp: 2 (1 filter) unconfined");
    }
  }
}
