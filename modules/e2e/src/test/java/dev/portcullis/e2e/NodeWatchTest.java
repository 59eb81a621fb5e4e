package dev.portcullis.e2e;

import static dev.portcullis.testing.Wait.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;

/// `portcullis node watch` beside a real containerd, with the rights that deploy/denials gives it.
@ExtendWith(RealRuntime.class)
class NodeWatchTest {
  private static final Pattern HEALTH = Pattern.compile("health pages on ([0-9.]+:[0-9]+)");

  @TempDir private Path directory;
  private KubeletCalls kubelet;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    kubelet =
        new KubeletCalls(
            Path.of(RealRuntime.endpoint().replace("unix://", "")),
            false,
            Files.createDirectories(directory.resolve("logs")));
    Files.writeString(
        directory.resolve("deny.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [
           {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """);
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    kubelet.close();
  }

  private void container(String name, String... command) {
    KubeletCalls.Pod pod = kubelet.runPod(name, "runc", Map.of());
    open.add(() -> kubelet.remove(pod));
    kubelet.start(
        kubelet.create(
            pod,
            "app",
            security ->
                security.setSeccomp(
                    Api.SecurityProfile.newBuilder()
                        .setProfileType(Api.SecurityProfile.ProfileType.Localhost)
                        .setLocalhostRef(directory.resolve("deny.json").toString())),
            List.of(command)));
  }

  /// @param rights as setpriv(1) takes them
  private Path watch(String rights) throws IOException {
    Path log = directory.resolve("watch.log");
    ProcessBuilder builder =
        Portcullis.process(
            "node",
            "watch",
            "--runtime-endpoint=" + RealRuntime.endpoint(),
            "--run-dir=" + directory.resolve("run"),
            "--health-listen=127.0.0.1:0");
    builder
        .command()
        .addAll(0, List.of("setpriv", "--no-new-privs", "--bounding-set=-all" + rights));
    Files.createDirectories(directory.resolve("run"));
    Process process =
        builder.redirectError(log.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    open.add(() -> {
      process.destroy();
      process.waitFor();
    });
    return log;
  }

  private static String page(Path log, String path) throws Exception {
    until("it serves", () -> Files.exists(log) && HEALTH.matcher(Files.readString(log)).find());
    Matcher address = HEALTH.matcher(Files.readString(log));
    assertThat(address.find()).isTrue();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + address.group(1) + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private Portcullis.Result denials(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("node", "denials", "--run-dir=" + directory.resolve("run")));
    arguments.addAll(List.of(more));
    return Portcullis.run(arguments.toArray(String[]::new));
  }

  @Test
  void withTheRightsOfTheDaemonSetItSeesWhatIsRefused() throws Exception {
    Path log = watch(",+sys_admin,+sys_ptrace");
    // Neither that was there before nor that comes later was made through a proxy.
    container("busy", "sh", "-c", "while :; do mkdir /tmp/x; sleep 0.2; done");
    until("it is counted", () -> denials("--pod=proxied/busy").out().contains("mkdir"));
    assertThat(page(log, "/readyz")).startsWith("ok");
    assertThat(page(log, "/metrics"))
        .containsPattern("portcullis_denied_calls_total\\{action=\"errno\"} [1-9]")
        .contains("portcullis_denials_watched{seen=\"true\"}", "portcullis_runtime_reachable 1.0");
    Portcullis.Result healed =
        Portcullis.run(
            "profile",
            "heal",
            directory.resolve("deny.json").toString(),
            "--pod=proxied/busy",
            "--run-dir=" + directory.resolve("run"));
    assertThat(healed.code()).as(healed.err()).isZero();
    assertThat(healed.out()).contains("mkdir: EROFS", "least change: mkdir");
  }

  /// Each of the two rights, and why.
  @Test
  void withoutTheRightToMountItSaysWhy() throws Exception {
    Path log = watch(",+sys_ptrace");
    until("it is said", () -> page(log, "/readyz").contains("CAP_SYS_ADMIN"));
    assertThat(page(log, "/metrics")).contains("portcullis_denials_watched{seen=\"true\"} 0.0");
    assertThat(directory.resolve("run/denials.json")).doesNotExist();
  }

  @Test
  void withoutTheRightToTraceItSaysWhy() throws Exception {
    Path log = watch(",+sys_admin");
    container("busy", "sh", "-c", "while :; do mkdir /tmp/x; sleep 0.2; done");
    until("it is said", () -> denials().err().contains("CAP_SYS_PTRACE"));
    assertThat(page(log, "/metrics")).contains("portcullis_denials_watched{seen=\"true\"} 0.0");
    assertThat(denials().out()).doesNotContain("mkdir");
  }
}
