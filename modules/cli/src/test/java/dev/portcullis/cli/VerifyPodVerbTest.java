package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `verify pod/NAME` where the pod does not run: here is no runtime, and an API server on loopback
/// knows the pods. With a runtime it is tested on a real one.
class VerifyPodVerbTest {
  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = LoopbackCluster.start(directory, this::answer);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private @Nullable String answer(URI uri) {
    return switch (uri.getPath()) {
      case "/api/v1/namespaces/shop/pods/web" -> pod("{\"nodeName\": \"n2\"}");
      case "/api/v1/namespaces/shop/pods/waits" -> pod("{}");
      default -> null;
    };
  }

  private static String pod(String spec) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"x\"}, \"spec\": %s}"
        .formatted(spec);
  }

  private Run verify(String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "verify",
                "--profile",
                "unconfined",
                "--runtime-endpoint",
                "unix:///nowhere/x.sock",
                "--kubeconfig",
                cluster.kubeconfig()));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pod/web | shop | ; it runs on node \"n2\": run this there, or name its runtime with"
            + " --runtime-endpoint",
        "pods/waits | shop | ; it has no node yet",
        "po/web | default | ; run this on the node of the pod, which kubectl get pod web -n"
            + " default -o wide shows, or name its runtime with --runtime-endpoint (there is no"
            + " pod \"web\" in namespace \"default\")"
      })
  void aPodElsewhere(String operand, String namespace, String said) throws IOException {
    Run run = verify("-n", namespace, operand);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "error: pod %s/%s: runtime endpoint unix:///nowhere/x.sock: no such socket: start"
                    .formatted(namespace, operand.replaceAll(".*/", ""))
                + " the runtime"
                + said
                + "\n");
  }

  /// Names go into a URL and into a question to the runtime.
  @ParameterizedTest
  @CsvSource({
    "pod/, default, c",
    "pod/../../secrets/x, default, c",
    "pod/web?x=1, default, c",
    "pod/WEB, default, c",
    "pod/web, ../x, c",
    "pod/web, default, a/b"
  })
  void hostileNames(String operand, String namespace, String container) throws IOException {
    Run run = verify("-n", namespace, "-c", container, operand);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("must be lower case letters");
  }

  @Test
  void whatBelongsToAPod() {
    Run run = Run.of("verify", "1234", "-c", "app", "--profile", "unconfined");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--container is for pod/NAME, and this is 1234");
  }
}
