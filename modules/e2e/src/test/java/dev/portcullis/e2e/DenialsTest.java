package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.ListItem;
import dev.portcullis.e2e.Portcullis.Result;
import dev.portcullis.kernel.trace.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `denials pod/NAME` of a container whose profile refuses a call in silence.
@ExtendWith(RealRuntime.class)
class DenialsTest {
  private static final String NO_CHMOD =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [
         {"names": ["chmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}
      """;

  /// `mkdir` of what is there, and of what is no directory, fails by the kernel alone.
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: refused, namespace: shop}
      spec:
        hostNetwork: true
        containers:
        - name: app
          image: localhost/portcullis/busybox:1
          command: [sh, -c, 'while :; do chmod 700 /tmp; mkdir /tmp /proc/x; sleep 1; done']
          securityContext:
            allowPrivilegeEscalation: false
            seccompProfile: {type: Localhost, localhostProfile: deny.json}
      """;

  @TempDir private static Path directory;
  private static Path kept = Path.of("");

  @BeforeAll
  static void run() throws Exception {
    try (TraceFiles files = TraceFiles.open()) {
      assertThat(files.instances()).isDirectory();
    } catch (IOException none) {
      assumeTrue(false, String.valueOf(none.getMessage()));
    }
    PodText.write(directory, "profiles/deny.json", NO_CHMOD);
    Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--seccomp-profile-root",
            directory.resolve("profiles").toString(),
            "--keep",
            PodText.write(directory, "refused.yaml", POD));
    kept = Path.of(result.err().replaceAll("(?s).*the files of the pods are in (\\S+).*", "$1"));
    assertThat(kept).as(result.err()).isDirectory();
  }

  @AfterAll
  static void remove() throws Exception {
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      for (ListItem sandbox : cri.sandboxes(Map.of("io.kubernetes.pod.name", "refused"))) {
        cri.stopSandbox(sandbox.id());
        cri.removeSandbox(sandbox.id());
      }
    }
    new ProcessBuilder("rm", "-r", kept.toString()).start().waitFor();
  }

  private static Result denials(String... more) {
    return Portcullis.run(
        Stream.concat(
                Stream.of("denials", "--runtime-endpoint", RealRuntime.endpoint()), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void whatItsProfileRefusesAndNothingElse() throws Exception {
    Result json = denials("pod/refused", "-n", "shop", "--for", "5s", "-o", "json");
    assertThat(json.code()).as(json.err()).isOne();
    assertThat(json.out().replaceAll("\\s", ""))
        .contains(
            "\"container\":{\"namespace\":\"shop\",\"pod\":\"refused\",\"name\":\"app\"},"
                + "\"syscall\":\"chmod\",\"architecture\":\"x86_64\","
                + "\"result\":{\"action\":\"errno\",\"errno\":\"EACCES\"}")
        .contains("\"lost\":0,\"undecided\":0")
        .doesNotContain("mkdir");
    Result table = denials("pod/refused", "-n", "shop", "--for", "3s", "--follow");
    assertThat(table.out())
        .contains("chmod EACCES in shop/refused app; to allow it: portcullis profile derive")
        .contains("  portcullis profile derive --from PROFILE --allow chmod\n");
    try (TraceFiles files = TraceFiles.open();
        Stream<Path> left = Files.list(files.instances())) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("portcullis-" + ProcessHandle.current().pid() + "-"));
    }
  }
}
