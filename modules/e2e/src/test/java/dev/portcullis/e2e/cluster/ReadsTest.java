package dev.portcullis.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.e2e.ClusterLane;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read without kubectl is what kubectl reads.
@Tag(ClusterLane.TAG)
class ReadsTest {
  private static final String NAMESPACE = "reads";

  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  @BeforeAll
  static void prepare() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace(NAMESPACE);
    cluster.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: reads
          name: first
          labels: {of: us}
          annotations: {dev.example/words: "a \\"word\\"", plain: one}
        data: {key.json: '{"a": 1}'}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {namespace: reads, name: second}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: reads, name: none}
        spec:
          replicas: 0
          selector: {matchLabels: {of: us}}
          template:
            metadata: {labels: {of: us}}
            spec:
              containers:
              - name: c
                image: x
                securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """);
  }

  @AfterAll
  static void remove() throws IOException {
    REAL.get().removeNamespaces(NAMESPACE);
  }

  static Stream<List<String>> questions() {
    String in = "-n=" + NAMESPACE;
    return Stream.of(
        List.of(
            "get", "nodes", "-o=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}"),
        List.of(
            "get", "cm", "first", in, "-o=jsonpath={.metadata.annotations.dev\\.example/words}"),
        List.of(
            "get", "cm", "first", in, "-o=jsonpath={.metadata.annotations['plain']} {.data.none}"),
        List.of("get", "configmap/first", in, "-o=jsonpath={.data.key\\.json}"),
        List.of("get", "cm", in, "-l=of=us", "-o=jsonpath={.items[0].metadata.name}"),
        List.of("get", "cm", in, "-o=jsonpath={range .items[*]}[{.metadata.name}]{'\\n'}{end}"),
        List.of("get", "cm", "-A", "-l=of=us", "-o=name"),
        List.of("get", "deployments,cm", in, "-l=of=us", "-o=name"),
        List.of("get", "deployment.apps", "none", in, "-o=name"),
        List.of("get", "deployment", "other", in, "--ignore-not-found", "-o=name"),
        List.of("get", "pods", in, "--ignore-not-found", "-o=jsonpath={.items[*].metadata.name}"),
        List.of(
            "get", "deployment", "none", in, "-o=jsonpath={.spec.replicas}{.status.readyReplicas}"),
        List.of(
            "get",
            "deploy",
            "none",
            in,
            "-o=jsonpath={.spec.template.spec.containers[*].securityContext}"),
        List.of("get", "ns", NAMESPACE, "-o=jsonpath={.status.phase}"),
        List.of("get", "--raw=/readyz"));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void theAnswerIsKubectls(List<String> question) throws IOException {
    Cluster cluster = REAL.get();
    String[] arguments = question.toArray(String[]::new);
    assertThat(cluster.reads().answer(question))
        .contains(cluster.kubectl("admin", arguments).out());
  }

  @Test
  void theKindsAreThoseOfKubectl() throws IOException {
    Cluster cluster = REAL.get();
    String[] arguments = {"api-resources", "--verbs=list", "-o=name"};
    assertThat(cluster.admin(arguments).lines())
        .containsExactlyInAnyOrderElementsOf(
            cluster.kubectl("admin", arguments).out().lines().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get pods",
        "get cm -o=yaml",
        "get nothings -o=name",
        "get pods --sort-by=.a -o=name",
        "describe pod x",
        "logs daemonset/x",
        "delete pod x"
      })
  void kubectlIsAskedWhereItIsNotKnownHere(String words) throws IOException {
    assertThat(REAL.get().reads().answer(List.of(words.split(" ")))).isEmpty();
  }

  @Test
  void whatIsNotThereIsAnError() {
    assertThatThrownBy(() -> REAL.get().admin("get", "pod", "nobody", "-o=jsonpath={.spec}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Error from server (NotFound): pods \"nobody\" not found");
  }

  @Test
  void aPodThatIsTriedIsNotKept() throws IOException {
    Cluster cluster = REAL.get();
    String pod =
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}";
    assertThat(cluster.tryPod("admin", NAMESPACE, pod, "{.spec.serviceAccountName}"))
        .isEqualTo(new Result(0, "default", ""));
    assertThat(cluster.tryPod("alice", NAMESPACE, pod, "{.kind}").err())
        .startsWith("Error from server (Forbidden): pods is forbidden: User \"alice\"");
    assertThat(cluster.admin("get", "pods", "-n=" + NAMESPACE, "-o=name")).isEmpty();
  }
}
