package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `report --cluster`. The API server is one on loopback.
class ReportClusterTest {
  @TempDir Path directory;

  private final Map<String, String> answers = new HashMap<>();
  private final List<String> queries = Collections.synchronizedList(new ArrayList<>());
  private LoopbackCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = LoopbackCluster.start(directory, this::answer);
    answers.put("/version", "{\"major\": \"1\", \"minor\": \"30\"}");
    answers.put(
        "/api/v1/nodes",
        """
        {"apiVersion": "v1", "kind": "NodeList", "metadata": {}, "items": [
          {"metadata": {"name": "n"}, "status": {"nodeInfo": {"architecture": "amd64",
            "containerRuntimeVersion": "containerd://2.0.10", "kernelVersion": "6.1.0"}}}]}
        """);
    StringBuilder pods = new StringBuilder();
    for (String end : new String[] {"aaaaa", "bbbbb"}) {
      pods.append(
          """
          {"metadata": {"name": "web-5d4f-%s", "namespace": "shop",
             "labels": {"pod-template-hash": "5d4f"},
             "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet",
               "name": "web-5d4f", "controller": true}]},
           "spec": {"nodeName": "n", "containers": [{"name": "app", "image": "i"}]}},
          """
              .formatted(end));
    }
    answers.put(
        "/api/v1/pods",
        """
        {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [%s
          {"metadata": {"name": "kube-proxy-n", "namespace": "kube-system",
             "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "n",
               "controller": true}]},
           "spec": {"nodeName": "n", "containers": [{"name": "app", "image": "i",
             "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}]}}]}
        """
            .formatted(pods));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private @Nullable String answer(URI uri) {
    queries.add(String.valueOf(uri.getQuery()));
    return answers.get(uri.getPath());
  }

  private Run report(String... more) {
    String[] words = new String[4 + more.length];
    System.arraycopy(
        new String[] {"report", "--cluster", "--kubeconfig", cluster.kubeconfig().toString()},
        0,
        words,
        0,
        4);
    System.arraycopy(more, 0, words, 4, more.length);
    return Run.of(words);
  }

  @Test
  void podsOfADeploymentAreOneRow() {
    Run run = report("-o", "json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().replaceAll("\\s+", ""))
        .contains("\"kind\":\"Deployment\",\"names\":[\"web\"],\"pods\":2")
        .contains("\"kind\":\"Pod\",\"names\":[\"kube-proxy-n\"],\"pods\":1")
        .contains("\"today\":\"Kubernetes1.30\"")
        .contains("\"runtimeDefault\":\"containerd/default@2.0.")
        .contains("\"unconfined\":2");
  }

  @Test
  void thePageSaysWhichCluster() {
    assertThat(report().out())
        .contains("What runs in <strong>the cluster at ")
        .contains("3 pods in 2 groups of equal ones")
        .contains("portcullis fix --default runtime/default FILE");
  }

  private void pods(String path, String... items) {
    answers.put(
        path,
        """
        {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [%s]}
        """
            .formatted(String.join(",", items)));
  }

  private static String pod(String name, String spec) {
    return """
    {"metadata": {"name": "%s", "namespace": "shop"},
     "spec": {%s "containers": [{"name": "app", "image": "i"}]}}
    """
        .formatted(name, spec);
  }

  private static final String DEFAULT =
      "\"securityContext\": {\"seccompProfile\": {\"type\": \"RuntimeDefault\"}},";

  /// Of that runtime nobody knows what its default denies, nor of a node that is not known yet.
  @Test
  void aDefaultThatIsNotKnownIsUnknown() {
    answers.put(
        "/api/v1/nodes",
        """
        {"apiVersion": "v1", "kind": "NodeList", "metadata": {}, "items": [
          {"metadata": {"name": "n"}, "status": {"nodeInfo": {"architecture": "amd64",
            "containerRuntimeVersion": "x://1", "kernelVersion": "6.1.0"}}}]}
        """);
    pods("/api/v1/pods", pod("other", "\"nodeName\": \"n\"," + DEFAULT), pod("pending", DEFAULT));
    Run run = report("-o", "json");
    assertThat(run.out().replaceAll("\\s+", ""))
        .contains(
            "\"today\":{\"own-profile\":0,\"runtime-default\":0,\"unconfined\":0,\"unknown\":2,")
        .contains(
            "\"withPortcullis\":{\"own-profile\":0,\"runtime-default\":0,\"unconfined\":0,\"unknown\":2,");
    assertThat(run.out())
        .contains("node n runs x://1, whose default is not known here")
        .contains("the pod is on no node yet");
  }

  @Test
  void theCommandsAreAboutTheSameNamespaceOfTheSameCluster() {
    pods(
        "/api/v1/namespaces/shop/pods",
        pod(
            "open",
            "\"nodeName\": \"n\", \"securityContext\": {\"seccompProfile\": {\"type\":"
                + " \"Unconfined\"}},"));
    String of = "--cluster --kubeconfig " + cluster.kubeconfig();
    assertThat(report("-n", "shop", "-o", "json").out())
        .contains("portcullis check " + of + " --namespace shop\"")
        .containsPattern("portcullis exposure CVE-[-0-9]+ " + of + " --namespace shop\"");
  }

  @Test
  void aVersionThatIsNotKnownIsSaid() {
    answers.put("/version", "{\"major\": \"1\", \"minor\": \"99\"}");
    String note = "what Kubernetes 1.99 does is not known; shown is what 1.36 does";
    assertThat(report("-o", "json").out()).contains(note);
    assertThat(
            Run.of("exposure", "--cluster", "--kubeconfig", cluster.kubeconfig().toString()).err())
        .contains("note: " + note);
  }

  @Test
  void ofOneNodeItAsksForItsPodsAlone() {
    Run run = report("--node", "n", "-o", "json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("\"subject\" : \"node n of the cluster at ")
        .contains("\"runtimeDefault\" : \"containerd/default@2.0.");
    assertThat(queries)
        .anyMatch(each ->
            each.contains(
                "fieldSelector=status.phase!=Succeeded,status.phase!=Failed,spec.nodeName=n"));
    queries.clear();
    report();
    assertThat(queries).isNotEmpty().noneMatch(each -> each.contains("nodeName"));
  }

  /// A comma would ask for something else.
  @Test
  void aNameThatNoNodeHasIsRefused() {
    assertThat(report("--node", "n,metadata.name=x").err())
        .contains("is no name of a node; kubectl get nodes lists them");
    assertThat(Run.of("report", "a.yaml", "--node", "n").err())
        .contains("--node is for --cluster without files");
    pods("/api/v1/pods");
    assertThat(report("--node", "gone").err()).contains("no pod in the cluster on node \"gone\"");
  }

  @Test
  void refusedCallsAreThoseOfThePodsByName() throws IOException {
    Path denials =
        Files.writeString(
            directory.resolve("n.json"),
            """
            {"apiVersion": "portcullis.dev/v1alpha1", "denials": [
              {"container": {"namespace": "shop", "pod": "web-5d4f-aaaaa", "name": "app"},
               "syscall": "mkdir", "architecture": "x86_64",
               "result": {"action": "errno", "errno": "EPERM"}, "count": 3},
              {"container": {"namespace": "shop", "pod": "web-5d4f-ccccc", "name": "app"},
               "syscall": "mkdir", "architecture": "x86_64",
               "result": {"action": "errno", "errno": "EPERM"}, "count": 4}]}
            """);
    assertThat(report("--denials", denials.toString(), "-o", "json").out().replaceAll("\\s+", ""))
        .contains(
            "\"kind\":\"Deployment\",\"workload\":\"web\",\"name\":\"app\",\"pods\":1,",
            "\"refused\":3,",
            "\"elsewhere\":{\"count\":4,\"places\":[\"shop/web-5d4f-cccccapp\"]}");
  }
}
