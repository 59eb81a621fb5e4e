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
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `exposure --cluster`: what runs there. The API server is one on loopback.
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the calls that are expected are those of x86_64")
class ExposureClusterTest {
  private static final String ALG = "CVE-2026-31431";
  private static final String DEFAULT = "{\"type\": \"RuntimeDefault\"}";
  private static final String SANDBOX =
      "{\"type\": \"Localhost\", \"localhostProfile\": \"team/a.json\"}";

  @TempDir Path directory;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, String> answers = new HashMap<>();
  private LoopbackCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = LoopbackCluster.start(directory, this::answer);
    answers.put("/version", "{\"major\": \"1\", \"minor\": \"30\"}");
    nodes(
        node("old", "amd64", "containerd://1.7.20"),
        node("new", "amd64", "containerd://2.0.10"),
        node("far", "arm64", "containerd://2.0.10"),
        node("strange", "amd64", "rkt://1.0"));
    answers.put(
        "/api/v1/namespaces/portcullis-profiles/configmaps",
        list(
            "ConfigMap",
            """
            {"metadata": {"name": "team", "namespace": "portcullis-profiles",
              "creationTimestamp": "2026-01-01T00:00:00Z",
              "labels": {"portcullis.dev/seccomp-profiles": "true"},
              "annotations": {"portcullis.dev/profile-directory": "team"}},
             "data": {"a.json": %s}}
            """
                .formatted(
                    quoted(Files.readString(Path.of("examples/profiles/browser-sandbox.json"))))));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private @Nullable String answer(URI uri) {
    requests.add(uri.toString());
    return answers.get(uri.getPath());
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String list(String kind, String... items) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"%sList\", \"metadata\": {}, \"items\": [%s]}"
        .formatted(kind, String.join(", ", items));
  }

  private void nodes(String... nodes) {
    answers.put("/api/v1/nodes", list("Node", nodes));
  }

  private static String node(String name, String architecture, String runtime) {
    return """
    {"metadata": {"name": "%s"}, "status": {"nodeInfo": {"architecture": "%s",
      "containerRuntimeVersion": "%s", "kernelVersion": "6.1.0-18-cloud"},
      "images": [{"names": ["x"]}]}}
    """
        .formatted(name, architecture, runtime);
  }

  private void pods(String... pods) {
    answers.put("/api/v1/pods", list("Pod", pods));
  }

  private static String pod(String name, String node, String seccomp) {
    return """
    {"metadata": {"name": "%s", "namespace": "web"}, "spec": {%s
      "containers": [{"name": "c", "image": "i", "securityContext": {"seccompProfile": %s}}]}}
    """
        .formatted(name, node.isEmpty() ? "" : "\"nodeName\": \"" + node + "\",", seccomp);
  }

  private Run exposure(String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of("exposure", ALG, "--cluster", "--kubeconfig", cluster.kubeconfig()));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  private String catalogue(String needs) throws IOException {
    return Files.writeString(
            directory.resolve("own.yaml"),
            Files.readString(
                    Path.of(
                        "modules/profiles/src/main/resources/dev/portcullis/profiles/exposure/"
                            + ALG
                            + ".yaml"))
                .replaceAll("(?s)needs:.*?\nloses:", "needs: {" + needs + "}\nloses:"))
        .toString();
  }

  /// The default of containerd has no io_uring from 2.0 on.
  @Test
  void theRuntimesDefaultIsThatOfTheNode() throws IOException {
    pods(pod("a", "old", DEFAULT), pod("b", "new", DEFAULT), pod("c", "old", "null"));
    String ring = catalogue("call: io_uring_setup");
    Run run = exposure("--catalogue", ring);
    assertThat(run.code()).as(run.err()).isOne();
    assertThat(run.out())
        .contains("of 3 containers, as Kubernetes 1.30 runs them in the cluster without Portcullis")
        .contains("reachable with runtime/default (containerd/default@1.7.20): 1 container")
        .contains("reachable with unconfined: 1 container\n      web/c c\n")
        .contains(
            "closed with runtime/default (containerd/default@2.0.10): 1 container\n      web/b c\n")
        .contains("portcullis profile derive --from containerd/default@1.7.20 ");
    String json = exposure("--catalogue", ring, "-o", "json").out().replaceAll("\\s+", " ");
    assertThat(json)
        .contains(
            "\"name\" : \"web/a c\", \"source\" : \"cluster\", \"profile\" : \"runtime/default\","
                + " \"builtIn\" : \"containerd/default@1.7.20\"");
    // Nothing is asked of a cluster that is not needed.
    assertThat(requests).noneMatch(uri -> uri.contains("rbac") || uri.contains("policies"));
  }

  @Test
  void aProfileIsThatOfItsConfigMap() throws IOException {
    pods(pod("a", "new", SANDBOX), pod("b", "new", SANDBOX.replace("a.json", "b.json")));
    Run run = exposure();
    assertThat(run.out())
        .contains("reachable with localhost/team/a.json: 1 container")
        .contains("localhost/team/a.json, of ConfigMap portcullis-profiles/team, key a.json:")
        .contains("portcullis profile derive --from a.json --deny ")
        .contains("cannot be said with localhost/team/b.json: 1 container")
        .contains("no ConfigMap in namespace \"portcullis-profiles\" has localhost/team/b.json")
        .contains("--seccomp-profile-root");
    // A copy of the profiles of a node has what the ConfigMaps do not have.
    Path copy = Files.createDirectories(directory.resolve("copy/team"));
    Files.copy(Path.of("examples/profiles/example-explorer-profile"), copy.resolve("b.json"));
    assertThat(exposure("--seccomp-profile-root", directory.resolve("copy").toString()).out())
        .contains("reachable with localhost/team/a.json: 1 container")
        .contains("closed only for x86_64, x32 with localhost/team/b.json: 1 container");
    assertThat(exposure("--profiles-namespace", "other").out())
        .contains("cannot be said with localhost/team/a.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "far     | node far is arm64, and this machine is not",
        "strange | node strange runs rkt://1.0, whose default is not known here; --runtime-default",
        "gone    | there is no node gone; --runtime-default",
        "''      | the pod is on no node yet; --runtime-default"
      })
  void whatCannotBeSaidIsSaid(String node, String why) throws IOException {
    pods(pod("a", node, DEFAULT));
    Run run = exposure();
    assertThat(run.code()).isOne();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("cannot be said with runtime/default: 1 container")
        .contains(why);
  }

  @Test
  void aVersionThatIsNotKnown() throws IOException {
    nodes(node("old", "amd64", "containerd://0.2.0"));
    pods(pod("a", "old", DEFAULT));
    assertThat(exposure().out().replaceAll("\\s+", " "))
        .contains("node old runs containerd://0.2.0, and of its default, \"0.2.0\" is not known");
    assertThat(
            exposure(
                    "--catalogue",
                    catalogue("call: io_uring_setup"),
                    "--runtime-default",
                    "containerd/default@2.0.10")
                .out())
        .contains("closed with runtime/default (containerd/default@2.0.10)");
  }

  /// Of the runtimes, CRI-O gives the fewest capabilities.
  @Test
  void capabilitiesAreThoseOfTheRuntime() throws IOException {
    nodes(node("old", "amd64", "cri-o://1.31.0"), node("new", "amd64", "containerd://1.7.20"));
    pods(pod("a", "old", "{\"type\": \"Unconfined\"}"), pod("b", "new", "null"));
    String own = catalogue("capability: CAP_NET_RAW");
    assertThat(exposure("--catalogue", own).out())
        .contains("reachable with unconfined: 1 container\n      web/b c\n")
        .contains("closed with unconfined: 1 container\n      web/a c\n");
    assertThat(exposure("--catalogue", own, "--capabilities", "NET_RAW").out())
        .contains("reachable with unconfined: 2 containers");
  }

  @Test
  void whoMayNotListNodesAndConfigMapsGetsTheRest() throws IOException {
    String forbidden =
        "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": 403,"
            + " \"reason\": \"Forbidden\", \"message\": \"may not list\"}";
    answers.put("/api/v1/nodes", forbidden);
    answers.put("/api/v1/namespaces/portcullis-profiles/configmaps", forbidden);
    pods(pod("a", "old", DEFAULT), pod("b", "new", SANDBOX), pod("c", "new", "null"));
    Run run = exposure();
    assertThat(run.code()).isOne();
    assertThat(run.err())
        .contains("note: what runtimes the nodes have is not known: ", "may not list");
    assertThat(run.out())
        .contains("reachable with unconfined: 1 container")
        .contains("node old cannot be asked about")
        .contains("cannot be said with localhost/team/a.json: 1 container");
  }

  @Test
  void oneNamespaceAndNone() throws IOException {
    pods();
    answers.put("/api/v1/namespaces/web/pods", list("Pod", pod("a", "new", "null")));
    assertThat(exposure("-n", "web").out()).contains("of 1 container,");
    Run none = exposure("-A");
    assertThat(none.code()).isOne();
    assertThat(none.err()).contains("no pod in the cluster");
    assertThat(exposure("-A", "-n", "web").code()).isEqualTo(2);
  }

  @Test
  void theClusterBesideFilesIsThatOfPolicies() throws IOException {
    Run run = exposure("examples");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--cluster beside files is about what Portcullis admits");
    assertThat(Run.of("exposure", ALG, "-A", "examples").code()).isEqualTo(2);
    assertThat(Run.of("exposure", ALG, "--context", "x", "examples").err())
        .contains("--context requires --cluster");
  }

  @Test
  void asPortcullisAdmitsThem() throws IOException {
    pods(pod("a", "new", "null"));
    Run run = exposure("--with-portcullis");
    assertThat(run.out())
        .contains("as Portcullis admits them in the cluster")
        .contains("runtime/default (containerd/default@2.0.10)");
    assertThat(requests).anyMatch(uri -> uri.contains("seccomppolicies"));
  }
}
