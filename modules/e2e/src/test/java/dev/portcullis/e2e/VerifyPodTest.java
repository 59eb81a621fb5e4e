package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.cri.ListItem;
import dev.portcullis.e2e.Portcullis.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `verify pod/NAME` on the machine where the pod runs.
@ExtendWith(RealRuntime.class)
class VerifyPodTest {
  private static final String DENY_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
      """;

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: two, namespace: shop}
      spec:
        initContainers:
        - {name: first, image: 'localhost/portcullis/busybox:1', command: ['true']}
        containers:
        - name: app
          image: localhost/portcullis/busybox:1
          command: [sleep, '600']
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: deny.json}}
        - name: sidecar
          image: localhost/portcullis/busybox:1
          command: [sleep, '600']
          securityContext: {seccompProfile: {type: Unconfined}}
        - {name: brief, image: 'localhost/portcullis/busybox:1', command: ['true']}
      """;

  @TempDir private static Path directory;

  /// Left running, as a kubelet's pods are.
  @BeforeAll
  static void run() throws Exception {
    PodText.write(directory, "profiles/deny.json", DENY_MKDIR);
    Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--seccomp-profile-root",
            directory.resolve("profiles").toString(),
            "--keep",
            PodText.write(directory, "two.yaml", PODS));
    assertThat(result.code()).as(result.err()).isZero();
    Path files =
        Path.of(result.err().replaceAll("(?s).*the files of the pods are in (\\S+).*", "$1"));
    assertThat(files).isDirectory();
    kept = files;
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      for (int i = 0; i < 200 && cri.all().stream().anyMatch(VerifyPodTest::isBriefAndRuns); i++) {
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static boolean isBriefAndRuns(KnownContainer container) {
    return container.running() && container.name().equals("brief");
  }

  private static Path kept = Path.of("");

  @AfterAll
  static void remove() throws Exception {
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      for (ListItem sandbox : cri.sandboxes(Map.of("io.kubernetes.pod.name", "two"))) {
        cri.stopSandbox(sandbox.id());
        cri.removeSandbox(sandbox.id());
      }
    }
    new ProcessBuilder("rm", "-r", kept.toString()).start().waitFor();
  }

  private static Result verify(String... more) {
    List<String> line =
        new ArrayList<>(List.of("verify", "--runtime-endpoint", RealRuntime.endpoint()));
    line.addAll(List.of(more));
    return Portcullis.run(line.toArray(String[]::new));
  }

  private static String deny() {
    return directory.resolve("profiles/deny.json").toString();
  }

  /// By its pod, and by the number that this tells; and the other container has not that filter.
  @Test
  void aContainerOfAPod() {
    Result proven = verify("pod/two", "-n", "shop", "-c", "app", "--profile", deny());
    assertThat(proven.code()).as(proven.err()).isZero();
    Matcher said =
        Pattern.compile(
                "pod shop/two, container \"app\" \\(pid:(\\d+)\\) runs the filter of .*proven.*\n")
            .matcher(proven.out());
    assertThat(said.matches()).as(proven.out()).isTrue();
    Result json = verify("pod/two", "-n", "shop", "-c", "app", "--profile", deny(), "-o", "json");
    assertThat(json.out()).contains("\"pid\" : " + said.group(1) + ",");
    assertThat(verify(said.group(1), "--profile", deny()).code()).isZero();
    assertThat(verify("pid:" + said.group(1), "--profile", deny()).code()).isZero();
    Result other = verify("pod/two", "-n", "shop", "-c", "sidecar", "--profile", deny());
    assertThat(other.code()).isOne();
    assertThat(other.out()).contains("container \"sidecar\"", "does not run");
    Result none = verify("pod/two", "-n", "shop", "-c", "sidecar", "--profile", "unconfined");
    assertThat(none.out()).contains("has no filter, as unconfined requires (proven)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop | two | | 2 | pod shop/two: several containers run: app, sidecar; choose one with"
            + " --container",
        "shop | two | first | 3 | pod shop/two: container \"first\" does not run",
        "shop | two | brief | 3 | pod shop/two: container \"brief\" does not run",
        "shop | two | nope | 3 | pod shop/two: there is no container \"nope\"; it has app, brief,"
            + " first, sidecar",
        "default | two | | 3 | has no such pod; it has one in namespace shop: say --namespace",
        "shop | three | | 3 | has no such pod; run this on the node of the pod, which kubectl get"
            + " pod three -n shop -o wide shows"
      })
  void whatIsNotOneContainer(
      String namespace, String pod, String container, int code, String said) {
    List<String> line = new ArrayList<>(List.of("pod/" + pod, "-n", namespace));
    if (container != null) {
      line.addAll(List.of("-c", container));
    }
    line.addAll(List.of("--profile", "unconfined"));
    Result result = verify(line.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).contains(said);
  }
}
