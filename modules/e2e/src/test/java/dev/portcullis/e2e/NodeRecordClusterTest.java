package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.cluster.PodWishes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Recordings of pods that run already, by a change of their annotation in a real API server.
@Tag(ClusterLane.TAG)
class NodeRecordClusterTest {
  private static final String NAMESPACE = "recorded-pods";
  private static final String RESULTS = "portcullis-recordings";
  private static final String DEPLOYED =
      Path.of("deploy/recordings").toAbsolutePath().normalize().toString();

  @RegisterExtension static final RealCluster REAL = RealCluster.behindPortcullis();

  private final Cluster cluster = REAL.get();

  @BeforeAll
  static void prepare() throws IOException {
    REAL.get().createNamespace(NAMESPACE);
    REAL.get().admin("apply", "-k", DEPLOYED);
  }

  @AfterAll
  static void remove() throws IOException {
    REAL.get().removeNamespaces(NAMESPACE, RESULTS);
  }

  private String pod(String name) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {namespace: %s, name: %s}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: "%s"
        command: [sh, -c, "while true; do mkdir /tmp/d; rmdir /tmp/d; sleep 1; done"]
    """
        .formatted(NAMESPACE, name, cluster.busybox());
  }

  private void annotate(String pod, String text) throws IOException {
    cluster.admin("annotate", "--overwrite", "pod", pod, "-n=" + NAMESPACE, text);
  }

  private String ask(String pod, String path) throws IOException {
    return cluster.admin("get", "pod", pod, "-n=" + NAMESPACE, "-o=jsonpath=" + path);
  }

  private String text(String file) throws IOException {
    Path path = cluster.recordings().resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }

  private String begun(String pod, String stem) throws IOException {
    cluster.waitUntil(
        pod + " is recorded", () -> text(stem + ".recording.json").contains("\"mkdir\""));
    return text(stem + ".recording.json");
  }

  @Test
  void aPodThatRunsIsRecordedFromOneChangeOfItsAnnotationToAnother() throws IOException {
    cluster.apply(pod("web"));
    cluster.pid(NAMESPACE, "web", "main");
    String stem = NAMESPACE + "_web_main_" + ask("web", "{.metadata.uid}");
    annotate("web", "portcullis.dev/record=1h");
    assertThat(begun("web", stem)).contains("it ran already at", "there is no profile yet");
    annotate("web", "portcullis.dev/record-");
    cluster.waitUntil("it is over", () -> !text(stem + ".json").isEmpty());
    assertThat(text(stem + ".json")).contains("\"mkdir\"", "\"rmdir\"");
    assertThat(text(stem + ".recording.json"))
        .contains("its annotation portcullis.dev/record was removed", "it ran already at");
    cluster.waitUntil(
        "it is in the cluster",
        () -> cluster.admin("get", "configmaps", "-n=" + RESULTS).contains("web-main-"));

    // The same again is another recording, and a shorter time ends it.
    annotate("web", "portcullis.dev/record=1h");
    begun("web again", stem + "_2");
    annotate("web", "portcullis.dev/record=1s");
    cluster.waitUntil("it is over", () -> !text(stem + "_2.json").isEmpty());
    assertThat(text(stem + "_2.recording.json")).contains("its time is over");
    assertThat(text(stem + ".recording.json")).contains("was removed");
  }

  @Test
  void aStaticPodIsKnownByItsMirror() throws IOException {
    Path file = cluster.staticPods().resolve("recorded.yaml");
    Files.writeString(file, pod("recorded"));
    try {
      cluster.pid(NAMESPACE, "recorded-node", "main");
      annotate("recorded-node", "portcullis.dev/record=1h");
      String uid = ask("recorded-node", "{.metadata.annotations.kubernetes\\.io/config\\.mirror}");
      begun("recorded-node", NAMESPACE + "_recorded-node_main_" + uid);
    } finally {
      Files.delete(file);
    }
  }

  /// The rights of a kubelet are enough, and an account without any hears nothing.
  @Test
  void theAccountOfTheKubeletSeesWhatItsPodsAskFor() throws IOException {
    List<String> ofNode = new CopyOnWriteArrayList<>();
    List<String> ofAlice = new CopyOnWriteArrayList<>();
    try (ClusterConnection node =
            ClusterConnection.openForMetadata(cluster.kubeconfig("system:node:node"));
        ClusterConnection alice = ClusterConnection.openForMetadata(cluster.kubeconfig("alice"));
        PodWishes _ = PodWishes.follow(node, "node", listener(ofNode));
        PodWishes _ = PodWishes.follow(alice, "node", listener(ofAlice))) {
      cluster.apply(pod("seen"));
      annotate("seen", "portcullis.dev/record=1m");
      cluster.waitUntil("it is told", () -> ofNode.contains(NAMESPACE + "/seen 1m"));
      annotate("seen", "portcullis.dev/record-");
      cluster.waitUntil(
          "its end is told",
          () ->
              ofNode.lastIndexOf(NAMESPACE + "/seen null")
                  > ofNode.lastIndexOf(NAMESPACE + "/seen 1m"));
      cluster.admin("delete", "pod", "seen", "-n=" + NAMESPACE);
      cluster.waitUntil("it has gone", () -> ofNode.contains(NAMESPACE + "/seen gone"));
      assertThat(ofAlice).isEmpty();
    }
  }

  private static PodWishes.Listener listener(List<String> told) {
    return new PodWishes.Listener() {
      @Override
      public void wished(PodWish wish) {
        told.add(wish.label() + " " + wish.request());
      }

      @Override
      public void gone(PodWish last) {
        told.add(last.label() + " gone");
      }
    };
  }
}
