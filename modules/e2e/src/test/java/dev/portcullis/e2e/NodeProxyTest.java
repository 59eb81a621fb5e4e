package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import runtime.v1.Api;

/// `portcullis node` between the calls of a kubelet and a real containerd.
@ExtendWith(RealRuntime.class)
class NodeProxyTest {
  private static final String KEY = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String PROVE = "portcullis.dev/prove";
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";

  @TempDir private Path directory;
  private NodeProcess node;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    node = new NodeProcess(directory, RealRuntime.endpoint());
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    node.close();
  }

  private KubeletCalls kubelet(boolean alpha) throws IOException {
    KubeletCalls calls =
        new KubeletCalls(node.socket(), alpha, Files.createDirectories(directory.resolve("logs")));
    open.add(calls);
    return calls;
  }

  private KubeletCalls.Pod pod(
      KubeletCalls kubelet, String name, String handler, Map<String, String> annotations) {
    KubeletCalls.Pod pod = kubelet.runPod(name, handler, annotations);
    open.add(() -> kubelet.remove(pod));
    return pod;
  }

  private void profile(String name, int errno) throws IOException {
    Files.writeString(
        node.profileRoot().resolve(name),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": %d}]}
        """
            .formatted(errno));
  }

  private static String line(String pod, String container) {
    return Portcullis.statusLine(pod, container, "--runtime-endpoint=" + RealRuntime.endpoint());
  }

  @ParameterizedTest
  @CsvSource({"runc, false", "runc, true", "crun, false", "crun, true"})
  void eachContainerRunsUnderWhatItsAnnotationSays(String handler, boolean alpha) throws Exception {
    profile("deny.json", 30);
    KubeletCalls kubelet = kubelet(alpha);
    String name = "said-" + handler + "-" + alpha;
    KubeletCalls.Pod pod =
        pod(kubelet, name, handler, Map.of(POD, "localhost/deny.json", KEY + "free", "unconfined"));
    KubeletCalls.Pod silent = pod(kubelet, "silent-" + name, handler, Map.of());
    kubelet.start(kubelet.create(pod, "one"));
    kubelet.start(kubelet.create(pod, "free"));
    kubelet.start(kubelet.create(silent, "two"));
    assertThat(line(name, "one"))
        .contains("localhost/deny.json pod-annotation", "Seccomp: 2 (1 filter) filtered");
    assertThat(line(name, "free"))
        .contains("unconfined container-annotation - Seccomp: 0 (no filter) unconfined");
    assertThat(line("silent-" + name, "two"))
        .contains("runtime/default node-default - Seccomp: 2 (1 filter) filtered");
  }

  @Test
  void aPodMayAskForAProof() throws Exception {
    profile("deny.json", 30);
    KubeletCalls kubelet = kubelet(true);
    Map<String, String> named = Map.of(POD, "localhost/deny.json", PROVE, "true");
    KubeletCalls.Pod right = pod(kubelet, "right", "runc", named);
    KubeletCalls.Pod silent = pod(kubelet, "silent", "crun", Map.of(PROVE, "true"));
    KubeletCalls.Pod wrong = pod(kubelet, "wrong", "otherfilter", named);
    KubeletCalls.Pod asksForNone =
        pod(kubelet, "none", "otherfilter", Map.of(POD, "localhost/deny.json"));
    for (KubeletCalls.Pod pod : List.of(right, silent, wrong, asksForNone)) {
      kubelet.start(kubelet.create(pod, "one"));
    }
    assertThat(proofs("right", "one")).endsWith(" proven");
    assertThat(proofs("silent", "one")).endsWith(" proven");
    assertThat(proofs("wrong", "one")).endsWith(" different");
    assertThat(proofs("none", "one")).endsWith(" filtered");
    assertThat(proofs("none", "one", "--prove")).endsWith(" different");
    Portcullis.Result all = Portcullis.run(statusArguments("--prove").toArray(String[]::new));
    assertThat(all.code()).isEqualTo(1);
    assertThat(all.err())
        .contains("container \"one\" of pod proxied/wrong should run under localhost/deny.json")
        .contains("and has another filter: ");
  }

  private List<String> statusArguments(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "node",
                "status",
                "--run-dir=" + node.socket().getParent(),
                "--runtime-endpoint=" + RealRuntime.endpoint()));
    args.addAll(List.of(more));
    return args;
  }

  private String proofs(String pod, String container, String... more) {
    line(pod, container);
    return Portcullis.run(statusArguments(more).toArray(String[]::new))
        .out()
        .lines()
        .filter(it -> it.matches("proxied/" + pod + " +" + container + " .*"))
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void whoKeepsWhatItShouldLoseIsAnAlarm(String handler) throws Exception {
    // EINVAL tells a runtime that the kernel knows no such capability, and it goes on.
    Files.writeString(
        node.profileRoot().resolve("fakes.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
         "syscalls": [{"names": ["prctl"], "action": "SCMP_ACT_ERRNO", "errnoRet": 22,
           "args": [{"index": 0, "value": 24, "op": "SCMP_CMP_EQ"}]}]}
        """);
    profile("deny.json", 30);
    KubeletCalls kubelet = kubelet(false);
    for (String profile : List.of("fakes", "deny")) {
      KubeletCalls.Pod pod =
          pod(
              kubelet,
              profile + "-" + handler,
              handler,
              Map.of(POD, "localhost/" + profile + ".json"));
      kubelet.start(
          kubelet.create(
              pod,
              "one",
              security ->
                  security.setCapabilities(
                      Api.Capability.newBuilder().addDropCapabilities("ALL"))));
    }
    assertThat(line("deny-" + handler, "one")).endsWith(" filtered");
    assertThat(line("fakes-" + handler, "one")).endsWith(" excess");
    Portcullis.Result json = Portcullis.run(statusArguments("-o", "json").toArray(String[]::new));
    assertThat(json.code()).isEqualTo(1);
    assertThat(json.out())
        .contains("\"excess\" : [", "more capabilities, beyond what was requested");
    assertThat(json.err())
        .contains("of pod proxied/fakes-" + handler + " has more rights than were requested: ");
  }

  @Test
  void withoutThePortcullisTheSameCallsRunUnfiltered() throws Exception {
    try (KubeletCalls direct =
        new KubeletCalls(
            Path.of(RealRuntime.endpoint().substring("unix://".length())), true, directory)) {
      KubeletCalls.Pod pod = direct.runPod("control", "", Map.of(POD, "runtime/default"));
      direct.start(direct.create(pod, "one"));
      assertThat(line("control", "one")).contains("- - - Seccomp: 0 (no filter) foreign");
      direct.remove(pod);
    }
  }

  @Test
  void aMissingProfileIsSaidAndHeals() throws Exception {
    KubeletCalls kubelet = kubelet(true);
    KubeletCalls.Pod pod = pod(kubelet, "healing", "", Map.of(KEY + "one", "localhost/d/x.json"));
    String expected =
        "portcullis: pod proxied/healing, container \"one\": annotation "
            + KEY
            + "one names localhost/d/x.json: "
            + node.profileRoot()
            + "/d/x.json: does not exist";
    assertThatThrownBy(() -> kubelet.create(pod, "one"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("FAILED_PRECONDITION: " + expected);
    Files.createDirectory(node.profileRoot().resolve("d"));
    Files.writeString(node.profileRoot().resolve("d/x.json"), "{}");
    assertThatThrownBy(() -> kubelet.create(pod, "one")).hasMessageContaining("defaultAction");
    profile("d/x.json", 1);
    kubelet.start(kubelet.create(pod, "one"));
    assertThat(line("healing", "one")).contains("filtered");
    assertThat(node.said()).contains("container refused").contains("proxied/healing");
    assertThat(node.page("/metrics").body()).contains("portcullis_containers_refused_total 2.0");
  }

  @Test
  void ourOwnClientRunsPodsThroughIt() throws Exception {
    profile("p.json", 30);
    Portcullis.Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint=" + node.endpoint(),
            "--seccomp-profile-root=" + node.profileRoot(),
            "-o=json",
            PodText.shell(
                directory, "through", "mkdir /tmp/x; sleep 0.3", PodText.profile("p.json")));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("Read-only file system");
    assertThat(result.containers())
        .hasEntrySatisfying("c", container -> assertThat(container.mode()).isEqualTo(2));
  }

  /// It reads no profiles but those below its root, and so not the one that asks the recorder.
  @Test
  void recordingThroughItIsRefused() throws IOException {
    Portcullis.Result result =
        Portcullis.run(
            "profile",
            "record",
            PodText.shell(directory, "recorded", "echo ran"),
            "--runtime-endpoint=" + node.endpoint(),
            "--output-file=" + directory.resolve("recorded.json"));
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("say --runtime-endpoint with the socket of the runtime itself")
        .doesNotContain("--seccomp-profile-root");
    assertThat(result.out()).doesNotContain("ran");
    assertThat(directory.resolve("recorded.json")).doesNotExist();
  }

  /// The node converts it; the proof is held against what our client takes it for.
  @Test
  void ourOwnClientRunsAProfileInDockersFormatThroughIt() throws Exception {
    Files.writeString(
        node.profileRoot().resolve("docker.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                      "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}],
         "syscalls": [
           {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30,
            "excludes": {"caps": ["CAP_SYS_TIME"]}},
           {"names": ["chmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30,
            "includes": {"caps": ["CAP_SYS_TIME"]}}]}
        """);
    String script = "mkdir /tmp/x && echo made; chmod 1 /tmp && echo changed; sleep 0.5";
    Portcullis.Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint=" + node.endpoint(),
            "--seccomp-profile-root=" + node.profileRoot(),
            "--prove",
            "-o=json",
            PodText.shell(directory, "without", script, PodText.profile("docker.json")),
            PodText.shell(
                directory,
                "with",
                script,
                PodText.profile("docker.json")
                    .replaceFirst("}}$", "}, capabilities: {add: [SYS_TIME]}}")));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("without/c | changed", "with/c    | made")
        .doesNotContain("without/c | made", "with/c    | changed");
    assertThat(result.out()).contains("\"proven\" : true").doesNotContain("\"proven\" : false");
    assertThat(node.said()).contains("localhost/docker.json");
  }

  @Test
  void ourOwnClientSaysThatTheNodeHasItsProfilesElsewhere() throws Exception {
    profile("p.json", 30);
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.copy(node.profileRoot().resolve("p.json"), other.resolve("p.json"));
    Portcullis.Result result =
        Portcullis.run(
            "run",
            "--runtime-endpoint=" + node.endpoint(),
            "--seccomp-profile-root=" + other,
            PodText.shell(directory, "elsewhere", "true", PodText.profile("p.json")));
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("say --seccomp-profile-root " + node.profileRoot());
    assertThat(node.said()).doesNotContain("proxied/elsewhere").doesNotContain("default/elsewhere");
  }

  @Test
  void aRuntimeThatIgnoresProfilesIsAnAlarm() throws Exception {
    KubeletCalls kubelet = kubelet(false);
    KubeletCalls.Pod pod = pod(kubelet, "naked", "nofilter", Map.of());
    kubelet.start(kubelet.create(pod, "one"));
    assertThat(line("naked", "one")).contains("Seccomp: 0 (no filter) alarm");
    Portcullis.Result result =
        Portcullis.run("node", "status", "--runtime-endpoint=" + RealRuntime.endpoint());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("pod proxied/naked should run under runtime/default");
    for (int i = 0; i < 400 && !node.said().contains("has no filter although"); i++) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(node.said()).contains("a container has no filter although its profile needs one");
    assertThat(node.page("/metrics").body()).contains("portcullis_containers{state=\"alarm\"} 1.0");
  }

  @Test
  void healthAndReadinessAndTheEnd() throws Exception {
    assertThat(node.page("/healthz").statusCode()).isEqualTo(200);
    for (int i = 0; i < 100 && node.page("/readyz").statusCode() != 200; i++) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(node.page("/readyz").body()).isEqualTo("ok\n");
    assertThat(node.page("/").statusCode()).isEqualTo(404);
    assertThat(node.stop()).isEqualTo(143);
    assertThat(node.said()).contains("\"stopping\"");
    assertThat(node.socket()).doesNotExist();
  }

  /// As after a crash: kubelet's connection breaks, and comes back.
  @Test
  void killedAndStartedAgainItLosesNoContainer() throws Exception {
    profile("deny.json", 30);
    KubeletCalls kubelet = kubelet(false);
    KubeletCalls.Pod pod = pod(kubelet, "survivor", "", Map.of(POD, "localhost/deny.json"));
    kubelet.start(kubelet.create(pod, "one"));
    Path snapshot = onlySnapshot();
    node.kill();
    assertThat(line("survivor", "one")).contains("localhost/deny.json", "filtered");
    node.start();
    kubelet.start(kubelet.create(pod, "two"));
    assertThat(line("survivor", "two")).contains("localhost/deny.json", "filtered");
    assertThat(onlySnapshot()).isEqualTo(snapshot);
  }

  private Path onlySnapshot() throws IOException {
    try (Stream<Path> files = Files.list(node.snapshots())) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  @Test
  void twoHundredContainersAtOnce() throws Exception {
    int profiles = 8;
    for (int i = 0; i < profiles; i++) {
      profile("p" + i + ".json", 100 + i);
    }
    KubeletCalls kubelet = kubelet(true);
    Map<String, String> annotations = new java.util.HashMap<>();
    for (int i = 0; i < 200; i++) {
      annotations.put(KEY + "c" + i, "localhost/p" + i % profiles + ".json");
    }
    KubeletCalls.Pod pod = kubelet.runPod("many", "", annotations);
    kubelet.create(pod, "c0");
    long descriptors = node.descriptors();
    long threads = node.threads();
    try (var pool = Executors.newFixedThreadPool(50)) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 1; i < 200; i++) {
        int number = i;
        calls.add(() -> kubelet.create(pod, "c" + number));
      }
      List<Future<String>> made = pool.invokeAll(calls);
      for (int i = 1; i < 200; i++) {
        assertThat(errno(kubelet.spec(got(made.get(i - 1)))))
            .as("container %d", i)
            .isEqualTo(100 + i % profiles);
      }
    }
    node.keepsAtMost(descriptors + 2, threads + 6);
    try (Stream<Path> files = Files.list(node.snapshots())) {
      assertThat(files).hasSize(profiles);
    }
    kubelet.remove(pod);
    for (int i = 0; i < 100; i++) {
      try (Stream<Path> files = Files.list(node.snapshots())) {
        if (files.findAny().isEmpty()) {
          return;
        }
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new AssertionError("snapshots stay: " + node.said());
  }

  private static String got(Future<String> made) throws InterruptedException {
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw new AssertionError("not made", e);
    }
  }

  private static int errno(String spec) {
    Matcher errno = Pattern.compile("\"errnoRet\":([0-9]+)").matcher(spec);
    assertThat(errno.find()).as(spec).isTrue();
    return Integer.parseInt(errno.group(1));
  }
}
