package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `check --cluster` without files: what runs there. The API server is one on loopback that has
/// pods and no policies.
class CheckClusterTest {
  private static final String POD =
      """
      {"metadata": {"name": "%s", "namespace": "%s", "annotations": {%s},
        "managedFields": [{"fieldsV1": {"f:x": {}}}]},
       "spec": {"containers": [{"name": "c", "image": "i", "env": [{"name": "a"}]%s}]},
       "status": {"phase": "Running"}}
      """;
  private static final String ANNOTATION =
      "\"seccomp.security.alpha.kubernetes.io/pod\": \"runtime/default\"";

  @TempDir Path directory;

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private LoopbackCluster cluster;
  private String minor = "36";

  @BeforeEach
  void start() throws IOException {
    cluster = LoopbackCluster.start(directory, this::answer);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private @Nullable String answer(URI uri) {
    requests.add(uri.toString());
    String bare = POD.formatted("bare", "shop", ANNOTATION, "");
    String filtered =
        POD.formatted(
            "filtered",
            "team",
            "",
            ", \"securityContext\": {\"seccompProfile\": {\"type\": \"RuntimeDefault\"}}");
    return switch (uri.getPath()) {
      case "/version" -> "{\"major\": \"1\", \"minor\": \"%s\"}".formatted(minor);
      case "/api/v1/pods" -> list(bare + ", " + filtered);
      case "/api/v1/namespaces/team/pods" -> list(filtered);
      default -> null;
    };
  }

  private static String list(String pods) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"metadata\": {}, \"items\": [%s]}"
        .formatted(pods);
  }

  private Run check(String... more) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("check", "--cluster", "--kubeconfig", cluster.kubeconfig()));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  /// The same pods, for the first policies: of all namespaces or of one, and with those of files.
  @Test
  void policiesAreGeneratedFromThem() throws IOException {
    String[] line = {"policy", "generate", "--cluster", "--kubeconfig", cluster.kubeconfig()};
    Run run = Run.of(line);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("# Made by portcullis policy generate from 2 pods.")
        .contains("# * Pod shop/bare (cluster): \"c\"\n")
        .contains("# * Pod team/filtered (cluster): \"c\"\n");
    assertThat(Run.of(with(line, "-n", "team")).out()).contains("from 1 pod.");
    assertThat(Run.of(with(line, "examples/default.yaml")).out()).contains("from 3 pods.");
    assertThat(Run.of(with(line, "--context", "nowhere")).code()).isEqualTo(3);
    assertThat(Run.of("policy", "generate", "--context", "x", "examples").code()).isEqualTo(2);
  }

  private static String[] with(String[] line, String... more) {
    return Stream.concat(Stream.of(line), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void whatRunsInAllNamespaces() throws IOException {
    Run run = check();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsPattern("shop/bare +c +unconfined +runtime/default +pod-annotation +allowed")
        .containsPattern("team/filtered +c +runtime/default +runtime/default +container-field")
        .contains("warning: cluster: shop/bare: metadata.annotations.seccomp.security.alpha")
        .contains("1 of 2 today (Kubernetes 1.36)");
    assertThat(requests)
        .anyMatch(uri ->
            uri.startsWith("/api/v1/pods?")
                && uri.contains(
                    "fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed"));
    assertThat(check("-A").out()).isEqualTo(run.out());
    assertThat(check("-o", "json").out()).contains("\"source\" : \"cluster\"");
    // A cluster is no file of a repository.
    assertThat(check("-o", "sarif").out())
        .contains("\"fullyQualifiedName\" : \"shop/bare\"")
        .doesNotContain("physicalLocation", "\"uri\" : \"cluster\"");
    assertThat(check("-o", "github").out()).contains("shop/bare").doesNotContain("file=");
    assertThat(check("-o", "sarif", "examples").out()).contains("\"uri\" : \"examples/");
  }

  @Test
  void whatRunsInOneNamespace() throws IOException {
    assertThat(check("-n", "team").out()).contains("1 pod: 1 admitted").doesNotContain("shop/bare");
    Run none = check("-n", "empty");
    assertThat(none.code()).isOne();
    assertThat(none.err()).contains("no pod in the cluster");
  }

  /// Today is what this cluster does, unless another version is asked about.
  @ParameterizedTest
  @CsvSource({"24+, 0 of 2 today (Kubernetes 1.24)", "99, 1 of 2 today (Kubernetes 1.36)"})
  void theVersionOfTheServer(String version, String counted) throws IOException {
    minor = version;
    Run run = check();
    assertThat(run.out()).contains(counted);
    assertThat(run.err().contains("what Kubernetes 1.99 does is not known"))
        .isEqualTo(version.equals("99"));
    assertThat(check("--kubernetes", "1.30").out()).contains("1 of 2 today (Kubernetes 1.30)");
  }

  @Test
  void anotherContext() throws IOException {
    assertThat(check("--context", "x").code()).isZero();
    Run nowhere = check("--context", "nowhere");
    assertThat(nowhere.code()).isEqualTo(3);
    assertThat(nowhere.err())
        .startsWith("error: the API server at http://127.0.0.1:1/: ")
        .contains("cannot connect")
        .hasLineCount(1);
    Run missing = check("--context", "y");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("has no context \"y\"; it has x, nowhere").hasLineCount(1);
  }

  @Test
  void aKubeconfigThatIsNotThere() {
    Run run = Run.of("check", "--cluster", "--kubeconfig", "nope");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .isEqualTo("error: nope cannot be read; --kubeconfig needs a kubeconfig file of kubectl\n");
  }

  @Test
  void optionsThatContradict() throws IOException {
    assertThat(check("-A", "-n", "team").code()).isEqualTo(2);
    assertThat(Run.of("check", "-A", "pod.yaml").code()).isEqualTo(2);
    assertThat(Run.of("check", "--context", "x", "pod.yaml").err())
        .contains("--context requires --cluster");
    assertThat(Run.of("check").code()).isEqualTo(2);
  }
}
