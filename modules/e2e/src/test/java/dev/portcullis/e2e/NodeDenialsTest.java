package dev.portcullis.e2e;

import static dev.portcullis.testing.Wait.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis node --denials` beside a real containerd: what it counts of containers.
@ExtendWith(RealRuntime.class)
class NodeDenialsTest {
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";

  @TempDir private Path directory;
  private NodeProcess node;
  private KubeletCalls kubelet;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    node = new NodeProcess(directory, RealRuntime.endpoint(), "--denials");
    kubelet =
        new KubeletCalls(node.socket(), false, Files.createDirectories(directory.resolve("logs")));
    Files.writeString(
        node.profileRoot().resolve("deny.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [
           {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30},
           {"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
            "args": [{"index": 3, "value": 32, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 32}]}]}
        """);
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    kubelet.close();
    node.close();
  }

  private String container(String pod, String... command) {
    return under("deny.json", pod, command);
  }

  private String under(String profile, String pod, String... command) {
    KubeletCalls.Pod made = kubelet.runPod(pod, "runc", Map.of(POD, "localhost/" + profile));
    open.add(() -> kubelet.remove(made));
    String container = kubelet.create(made, "app", UnaryOperator.identity(), List.of(command));
    kubelet.start(container);
    return container;
  }

  private Portcullis.Result denials(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("node", "denials", "--run-dir=" + node.socket().getParent()));
    arguments.addAll(List.of(more));
    return Portcullis.run(arguments.toArray(String[]::new));
  }

  private void await(String what, String text, String... more) throws Exception {
    until(what, () -> (denials(more).out() + denials(more).err()).contains(text));
  }

  private double metric(String series) throws Exception {
    return node.page("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }

  @Test
  void whatIsRefusedToAContainerIsCountedAndWhatAllowsItIsSaid() throws Exception {
    String mount = "while :; do mount -t proc p /mnt; sleep 0.2; ";
    container("busy", "sh", "-c", mount + "mkdir /tmp/x; done");
    // The kernel refuses it: the container has no CAP_SYS_ADMIN.
    container("calm", "sh", "-c", mount + "done");
    await("mkdir is counted", "mkdir");
    Portcullis.Result said = denials();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .containsPattern("proxied/busy +app +[a-z]+ +mkdir +EROFS +[0-9]+ +")
        .contains("profile derive --from PROFILE --allow mkdir\n")
        .doesNotContain("calm", "mount");
    assertThat(said.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    // A call may have begun before the agent looked.
    until(
        "the other one is watched",
        () -> !denials("--pod=proxied/calm").err().contains("no container of pod"));
    assertThat(denials("--pod=proxied/calm").out()).startsWith("nothing ");
    Portcullis.Result none = denials("--pod=proxied/none");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("no container of pod \"proxied/none\" is watched");
    assertThat(metric("portcullis_denied_calls_total{action=\"errno\"}")).isPositive();
    assertThat(metric("portcullis_denials_watched{seen=\"true\"}")).isEqualTo(2);

    Path document = directory.resolve("denials.json");
    Files.writeString(document, denials("--pod=proxied/busy", "-o", "json").out());
    Path profile = node.profileRoot().resolve("deny.json");
    Portcullis.Result healed =
        Portcullis.run("profile", "heal", profile.toString(), "--denials", document.toString());
    assertThat(healed.out()).contains("mkdir");

    node.kill();
    assertThat(denials().out()).contains("mkdir");
    node.start();
    until(
        "it is counted again", () -> metric("portcullis_denied_calls_total{action=\"errno\"}") > 0);
    await("and told", "mkdir");
  }

  /// From the profile that complains to the next version of the one that refuses.
  @Test
  void aTrialShowsWhatTheProfileWouldRefuseAndHealsIt() throws Exception {
    Path strict = node.profileRoot().resolve("strict.json");
    Files.writeString(
        strict,
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [
           {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_KILL_PROCESS"},
           {"names": ["symlink", "symlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """);
    Portcullis.Result derived =
        Portcullis.run(
            "profile",
            "derive",
            strict.toString(),
            "--complain",
            "--deny",
            "symlink",
            "--deny",
            "symlinkat",
            "--output-file",
            node.profileRoot().resolve("strict-complain.json").toString());
    assertThat(derived.code()).as(derived.err()).isZero();
    under(
        "strict-complain.json",
        "trial",
        "sh",
        "-c",
        "while :; do mkdir /tmp/x; rmdir /tmp/x; ln -s a /tmp/l; sleep 0.2; done");
    await("mkdir is seen", " LOG ", "--pod=proxied/trial");
    await("and what stays refused", "symlink", "--pod=proxied/trial");
    Portcullis.Result said = denials("--pod=proxied/trial");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .containsPattern("proxied/trial +app +[a-z]+ +mkdir +LOG +[0-9]+ +")
        .containsPattern("proxied/trial +app +[a-z]+ +symlink(at)? +EROFS +[0-9]+ +")
        .containsSubsequence("LOG: the call went on", "--allow mkdir\n");
    assertThat(metric("portcullis_logged_calls_total")).isPositive();
    assertThat(metric("portcullis_denied_calls_total{action=\"errno\"}")).isPositive();
    assertThat(metric("portcullis_denied_calls_total{action=\"kill_process\"}")).isZero();
    Path healed = directory.resolve("healed.json");
    Portcullis.Result heal =
        Portcullis.run(
            "profile",
            "heal",
            strict.toString(),
            "--run-dir=" + node.socket().getParent(),
            "--pod=proxied/trial",
            "--allow=mkdir",
            "--output-file=" + healed);
    assertThat(heal.code()).as(heal.err()).isZero();
    assertThat(heal.out())
        .containsPattern("mkdir: KILL_PROCESS, [0-9]+ times?, in proxied/trial app")
        .containsPattern("symlink(at)?: EROFS, [0-9]+ times?, in proxied/trial app");
    assertThat(Files.readString(healed)).contains("symlinkat", "mkdirat");
  }

  @Test
  void whatIsExecutedInAContainerIsFollowed() throws Exception {
    String quiet = container("quiet", "sleep", "1000");
    until("it is watched", () -> metric("portcullis_denials_watched{seen=\"true\"}") == 1);
    kubelet.execute(quiet, "sh", "-c", "sleep 0.5; mkdir /tmp/x; sleep 0.5");
    await("mkdir is counted", "mkdir", "--pod=proxied/quiet");
  }

  @Test
  void withoutTheAgentItSaysWhatIsMissing() throws Exception {
    node.stop();
    Portcullis.Result said = denials();
    assertThat(said.code()).isEqualTo(3);
    assertThat(said.err()).contains("denials.json is not there", "--denials");
  }
}
