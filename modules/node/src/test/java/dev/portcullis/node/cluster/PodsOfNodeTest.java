package dev.portcullis.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodsOfNodeTest {
  @TempDir private Path directory;

  /// What is made of an answer of an API server.
  private Set<String> profiles(String list) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = list.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            current-context: c
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
            contexts: [{name: c, context: {cluster: c}}]
            """
                .formatted(server.getAddress().getPort()));
    try (ClusterConnection connection = ClusterConnection.open(kubeconfig)) {
      return PodsOfNode.profiles(connection, "node-1");
    } finally {
      server.stop(0);
    }
  }

  /// It counts as one in which every profile is used.
  @Test
  void aListThatIsTooLargeForANodeIsNotTakenIn() {
    assertThatThrownBy(() -> profiles("{\"items\": []}" + " ".repeat(8 * 1024 * 1024)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the answer is larger than 8388608 bytes");
  }

  @Test
  void everyProfileThatIsNamedAnywhereCounts() throws IOException {
    String list =
        """
        {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [
          {"metadata": {"name": "a", "annotations": {
             "seccomp.security.alpha.kubernetes.io/pod": "localhost/by/annotation",
             "container.seccomp.security.alpha.kubernetes.io/c": "localhost/./of//container/"}},
           "spec": {"securityContext": {"seccompProfile":
                      {"type": "Localhost", "localhostProfile": "pod.json"}},
                    "containers": [{"name": "c"}]}},
          {"metadata": {"name": "b"},
           "spec": {"initContainers": [{"name": "i", "securityContext": {"seccompProfile":
                      {"type": "Localhost", "localhostProfile": "init.json"}}}],
                    "containers": [{"name": "c"}],
                    "ephemeralContainers": [{"name": "e", "securityContext": {"seccompProfile":
                      {"type": "Localhost", "localhostProfile": "debug.json"}}}]}},
          {"metadata": {"name": "c"}, "spec": {"containers": [{"name": "c"}]}}]}
        """;
    assertThat(profiles(list))
        .containsExactlyInAnyOrder(
            "by/annotation", "of/container", "pod.json", "init.json", "debug.json");
  }

  /// Without its file, a container that is made anew could not be proven anew.
  @Test
  void whatAPodIsNoWeakerThanCounts() throws IOException {
    String record =
        new ProofRecord(
                Map.of(
                    new ProfileKey("mine.json"),
                    new StrictnessEvidence(new ProfileName.Localhost("base.json"), "aa", "bb"),
                    new ProfileKey("other.json"),
                    new StrictnessEvidence(ProfileName.UNCONFINED, "aa", null)))
            .text()
            .replace("\"", "\\\"");
    for (String text : List.of(record, "no record")) {
      String list =
          "{\"items\": [{\"metadata\": {\"name\": \"a\", \"annotations\": {\""
              + PodRecord.PROVEN
              + "\": \""
              + text
              + "\"}}, \"spec\": {\"containers\": [{\"name\": \"c\"}]}}]}";
      assertThat(profiles(list))
          .containsExactlyElementsOf(text.equals(record) ? List.of("base.json") : List.of());
    }
  }

  /// Kubernetes takes every text for a value of an annotation. Anyone who writes such a pod must
  /// not keep the others of the node from being seen.
  @Test
  void aPathThatIsNoneIsNothingToStumbleOver() throws IOException {
    String list =
        """
        {"items": [
          {"metadata": {"name": "a", "annotations": {
             "seccomp.security.alpha.kubernetes.io/pod": "localhost/a\\u0000b"}},
           "spec": {"containers": [{"name": "c"}]}},
          {"metadata": {"name": "b", "annotations": {
             "seccomp.security.alpha.kubernetes.io/pod": "localhost/b.json"}},
           "spec": {"containers": [{"name": "c"}]}}]}
        """;
    assertThat(profiles(list)).contains("b.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"items\": {}}", "{\"items\": [1]}"})
  void whatCannotBeReadIsNotAnEmptyList(String list) {
    assertThatThrownBy(() -> profiles(list)).isInstanceOf(IOException.class);
  }
}
