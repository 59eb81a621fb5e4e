package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.RealCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every way to a pod that an API server serves, and how it is judged or why it writes no metadata.
/// A server with a way that is not in the table is a new one to think about: the test fails.
@Tag(ClusterLane.TAG)
class PodSubresourcesTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  /// What becomes of a request by one way.
  sealed interface Way {}

  /// The validating webhook is asked, about these operations.
  record Asked(Set<String> operations) implements Way {}

  /// Nothing is stored that the request has under `metadata`.
  ///
  /// @param why by the source of Kubernetes
  record WritesNone(String why) implements Way {}

  private static final String CONNECTS = "CONNECT or GET: there is no object in the request";

  private static final Map<String, Way> WAYS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("pods", new Asked(Set.of("CREATE", "UPDATE"))),
              Map.entry("pods/ephemeralcontainers", new Asked(Set.of("UPDATE"))),
              // podStatusStrategy.PrepareForUpdate keeps the spec and the owners, and nothing else.
              Map.entry("pods/status", new Asked(Set.of("UPDATE"))),
              // setPodNodeAndMetadata copies annotations, and from 1.33 labels, of a Binding.
              Map.entry("pods/binding", new Asked(Set.of("CREATE"))),
              Map.entry("bindings", new Asked(Set.of("CREATE"))),
              // From 1.33 the metadata is reset (dropNonResizeUpdates); asked all the same.
              Map.entry("pods/resize", new Asked(Set.of("UPDATE"))),
              Map.entry("pods/attach", new WritesNone(CONNECTS)),
              Map.entry("pods/exec", new WritesNone(CONNECTS)),
              Map.entry("pods/portforward", new WritesNone(CONNECTS)),
              Map.entry("pods/proxy", new WritesNone(CONNECTS)),
              Map.entry("pods/log", new WritesNone(CONNECTS)),
              Map.entry(
                  "pods/eviction",
                  new WritesNone(
                      "EvictionREST.Create deletes the pod, and may add a condition to its status;"
                          + " it reads name, namespace and deleteOptions of the Eviction"))));

  @Test
  void eachWayToAPodIsKnown() throws IOException {
    Set<String> served = new TreeSet<>();
    Tree list = Tree.of(REAL.get().admin("get", "--raw=/api/v1").getBytes(UTF_8));
    for (Tree resource : list.objects("resources")) {
      String name = resource.text("name");
      if (name.equals("pods") || name.startsWith("pods/") || name.equals("bindings")) {
        served.add(name);
      }
    }
    assertThat(served).contains("pods", "pods/status", "pods/binding", "bindings", "pods/exec");
    assertThat(WAYS.keySet())
        .as("a way to a pod that nobody has thought about: judge it, or say why not")
        .containsAll(served);
  }

  @Test
  void theWebhookIsAskedWhereTheTableSaysSo() throws IOException {
    Map<String, Set<String>> asked = new TreeMap<>();
    Tree configuration =
        Tree.all(Path.of("deploy/webhook/base/validating-webhook.yaml")).getFirst();
    for (Tree webhook : configuration.objects("webhooks")) {
      if (webhook.at("clientConfig", "service").text("path").equals("/validate")) {
        assertThat(webhook.text("failurePolicy")).isEqualTo("Fail");
        for (Tree rule : webhook.objects("rules")) {
          for (String resource : rule.texts("resources")) {
            asked.computeIfAbsent(resource, _ -> new TreeSet<>()).addAll(rule.texts("operations"));
          }
        }
      }
    }
    Map<String, Set<String>> wanted = new TreeMap<>();
    WAYS.forEach((name, way) -> {
      switch (way) {
        case Asked(Set<String> operations) -> wanted.put(name, new TreeSet<>(operations));
        case WritesNone(String why) -> assertThat(why).isNotBlank();
      }
    });
    assertThat(asked).isEqualTo(wanted);
  }
}
