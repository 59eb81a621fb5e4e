package dev.portcullis.admission.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.ruling.ReportingNode.NodeRuntime;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterNodesTest {
  private static NodeRuntime runtime(Object status) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setAdditionalProperty("status", status);
    return ClusterNodes.runtime(object);
  }

  @Test
  void theRuntimeThatANodeTells() {
    assertThat(
            runtime(
                Map.of(
                    "runtime",
                    Map.of("name", "containerd", "version", "1.6.20"),
                    "libseccomp",
                    "2.5.4")))
        .isEqualTo(new NodeRuntime("containerd", "1.6.20", "2.5.4"));
  }

  @Test
  void whatANodeDoesNotTellIsUntold() {
    assertThat(ClusterNodes.runtime(new GenericKubernetesResource())).isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime("ready")).isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime(Map.of("runtime", "containerd", "libseccomp", 2)))
        .isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime(Map.of("runtime", Map.of("name", 1), "libseccomp", "2.5.4")))
        .isEqualTo(new NodeRuntime("", "", "2.5.4"));
  }
}
