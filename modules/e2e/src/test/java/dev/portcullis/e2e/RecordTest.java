package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.portcullis.cri.ContainerStatus;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.ListItem;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.e2e.Portcullis.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// Profiles recorded from real containers, which then run under them.
@ExtendWith(RealRuntime.class)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Timeout(300)
class RecordTest {
  @TempDir private Path directory;

  private final Set<String> executed = new HashSet<>();

  private Result record(String handler, String file, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "profile",
                "record",
                file,
                "--output-file",
                directory.resolve("profiles/p.json").toString(),
                "--runtime-endpoint",
                RealRuntime.endpoint(),
                "--runtime-handler",
                handler));
    all.addAll(List.of(more));
    return Portcullis.run(all.toArray(String[]::new));
  }

  private String pod(String line, String... more) throws IOException {
    Files.createDirectories(directory.resolve("profiles"));
    return PodText.shell(directory, "recorded", line, more);
  }

  /// How often each call of the program was recorded.
  private Map<String, Long> counts() throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (Value call : program()) {
      if (call instanceof Mapping mapping
          && mapping.get("name") instanceof Value.Text(_, String name)
          && mapping.get("count") instanceof Value.Numeral(_, String count)) {
        counts.merge(name, Long.valueOf(count), Long::sum);
      }
    }
    return counts;
  }

  private List<Value> program() throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve("profiles/p.recording.json"));
    return Documents.readJson(bytes, Limits.MANIFEST) instanceof ParseResult.Documents(var all)
            && all.getFirst() instanceof Mapping object
            && object.get("program") instanceof Sequence(_, var calls)
        ? calls
        : List.of();
  }

  private String profile() throws IOException {
    return Files.readString(directory.resolve("profiles/p.json"));
  }

  /// What it did it does again, under a filter that is proven to be that of the profile; what it
  /// did not do it cannot.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aScriptRunsUnderWhatWasRecorded(String handler) throws IOException {
    String file = pod("id; mkdir /tmp/x; ls /tmp; sleep 1; echo $((6*7))");
    Result result = record(handler, file);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.endsWith("| 42"))).hasSize(2);
    assertThat(result.out())
        .contains(
            "container \"c\" ran again under the profile, proven to have its filter, and ended with"
                + " exit code 0");
    assertThat(counts())
        .containsEntry("mkdir", 1L)
        .containsKeys("execve", "openat")
        .doesNotContainKeys("", "mount", "capset", "setgroups", "chmod");
    assertThat(profile()).doesNotContain("SCMP_ACT_NOTIFY", "listenerPath");
    assertThat(
            Portcullis.run("profile", "validate", directory.resolve("profiles").toString()).code())
        .isZero();
    String other =
        PodText.shell(directory, "other", "chmod 700 /tmp && echo did", PodText.profile("p.json"));
    Result run =
        Portcullis.run(
            "run",
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--runtime-handler",
            handler,
            "--seccomp-profile-root",
            directory.resolve("profiles").toString(),
            other);
    assertThat(run.code()).as(run.err()).isEqualTo(4);
    assertThat(run.out()).contains("Operation not permitted").doesNotContain("did");
  }

  /// A signal makes calls fail that never fail so: the reader of the profile is told. Of two dollar
  /// signs a kubelet leaves one.
  @Test
  void callsThatASignalInterruptedAreNamed() throws IOException {
    Result result =
        record(
            "runc",
            pod(
                "main=$$$$; trap : USR1; (while kill -USR1 $main; do :; done) & i=0;"
                    + " while [ $i -lt 2000 ]; do [ -e /none ]; i=$((i + 1)); done; echo $i"),
            "--no-prove");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("| 2000");
    assertThat(result.out().replaceAll("\\s+", " "))
        .containsPattern(
            "interrupted by a signal while Portcullis was asked about them: .*(stat|calls) [0-9]+")
        .contains("record it again, best with --runtime-handler crun");
    // runc is written in Go, which sends signals to its own threads.
    Result quiet = record("crun", pod("mkdir /tmp/x"), "--no-prove", "--overwrite");
    assertThat(quiet.code()).as(quiet.err()).isZero();
    assertThat(quiet.out()).doesNotContain("interrupted by");
  }

  /// A profile recorded under one runtime starts under the other.
  @Test
  void theProfileIsForBothRuntimes() throws IOException {
    Result result =
        record(
            "crun",
            pod(
                "echo hello",
                "securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}"),
            "--no-prove");
    assertThat(result.code()).as(result.err()).isZero();
    for (String handler : List.of("runc", "crun")) {
      Result run =
          Portcullis.run(
              "run",
              "--runtime-endpoint",
              RealRuntime.endpoint(),
              "--runtime-handler",
              handler,
              "--seccomp-profile-root",
              directory.resolve("profiles").toString(),
              PodText.shell(directory, handler, "echo hello", PodText.profile("p.json")));
      assertThat(run.code()).as(handler + ": " + run.err()).isZero();
      assertThat(run.out()).contains("hello");
    }
  }

  /// A server and its clients, with a condition on the domain of their sockets.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aServerWithRequests(String handler) throws IOException {
    String file =
        pod(
            "mkdir /tmp/w && echo page > /tmp/w/index.html && httpd -f -p 127.0.0.1:8080 -h /tmp/w"
                + " & until wget -q -O /dev/null http://127.0.0.1:8080/; do sleep 0.1; done;"
                + " for i in 1 2 3 4 5; do wget -q -O -"
                + " http://127.0.0.1:8080/index.html; done; kill $!; wait; echo over");
    Result result = record(handler, file);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.endsWith("| page"))).hasSize(10);
    assertThat(counts()).containsKeys("socket", "bind", "listen", "kill");
    assertThat(profile().replaceAll("\\s", ""))
        .contains(
            "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
                + "\"value\":4294967295,\"valueTwo\":2,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}");
  }

  /// Nothing of 300 children is lost, and nothing hangs.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aProgramThatForks300Children(String handler) throws IOException {
    String file =
        pod(
            "i=0; while [ $i -lt 300 ]; do (mkdir /tmp/$i) & i=$((i+1)); done; wait;"
                + " ls /tmp | wc -l");
    Result result = record(handler, file, "--no-prove");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("| 300");
    // A signal can interrupt a call, which is then seen again. The number of an ended process may
    // be
    // that of another.
    assertThat(counts().get("mkdir")).isGreaterThanOrEqualTo(300L);
    assertThat(counts().get("clone")).isGreaterThan(250L);
  }

  /// Signals come all the time, and the program goes on.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aProgramUnderSignals(String handler) throws IOException {
    String file =
        pod(
            "n=0; trap \"n=1\" USR1; (while kill -USR1 $$$$; do sleep 0.02; done) & i=0;"
                + " while [ $i -lt 200 ]; do mkdir -p /tmp/$i; i=$((i+1)); done;"
                + " kill -9 $!; echo got $n of $i");
    Result result = record(handler, file, "--no-prove");
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("got 1 of 200");
    assertThat(counts()).containsKeys("kill", "rt_sigaction", "mkdir");
  }

  /// What a program of 32 bits calls is told apart, and the profile has its architecture.
  @Test
  void aProgramOf32Bits() throws IOException {
    Path program = directory.resolve("programs/narrow");
    Files.createDirectories(program.getParent());
    CallProgram.ofSocketcall(1, 1, 0).write(program);
    String file =
        pod("/programs/narrow; echo $?", "volumeMounts: [{name: v, mountPath: /programs}]");
    Files.writeString(
        Path.of(file),
        Files.readString(Path.of(file))
            .replace(
                "  containers:",
                "  volumes: [{name: v, hostPath: {path: "
                    + program.getParent()
                    + "}}]\n  containers:"));
    Result result = record("runc", file);
    assertThat(result.code()).as(result.err()).isZero();
    // SIGSEGV.
    assumeFalse(result.out().contains("c | 139"), "this kernel runs no calls of x86");
    assertThat(result.out()).contains("name on x86", "programs of x86 ran");
    assertThat(profile()).contains("SCMP_ARCH_X86_64", "SCMP_ARCH_X86\"", "socketcall");
  }

  /// A time limit ends a container that would run on, and what was seen is written.
  @Test
  void aContainerThatDoesNotEnd() throws IOException {
    Result result = record("runc", pod("mkdir /tmp/x; exec sleep 1000"), "--for", "2s");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("and ran until it was stopped");
    assertThat(counts()).containsKey("mkdir");
  }

  /// What happens the second time only is not in the profile, and a program that would wait for
  /// ever because of it is ended.
  @Test
  void aProgramThatDoesSomethingElseTheSecondTime() throws IOException {
    Path shared = Files.createDirectories(directory.resolve("shared"));
    String file =
        pod(
            "mkdir /tmp/a; if [ -e /v/again ]; then chmod 700 /tmp || while :; do :; done; fi;"
                + " echo > /v/again",
            "volumeMounts: [{name: v, mountPath: /v}]");
    Files.writeString(
        Path.of(file),
        Files.readString(Path.of(file))
            .replace(
                "  containers:",
                "  volumes: [{name: v, hostPath: {path: " + shared + "}}]\n  containers:"));
    Result result = record("runc", file);
    assertThat(result.code()).as(result.out()).isEqualTo(1);
    assertThat(result.err().replaceAll("\\s+", " "))
        .contains(
            "container \"c\": it ended with exit code 0 while it was recorded, and ran until it was"
                + " stopped under the profile");
  }

  @Test
  void aContainerThatCannotStart() throws IOException {
    String file = pod("true");
    Files.writeString(
        Path.of(file), Files.readString(Path.of(file)).replace("[sh, -c, 'true']", "[no-such]"));
    Result result = record("runc", file);
    assertThat(result.code()).as(result.out()).isEqualTo(3);
    assertThat(result.err()).contains("no-such");
    assertThat(directory.resolve("profiles/p.json")).doesNotExist();
  }

  /// What fails is recorded as well, and said.
  @Test
  void aContainerThatFails() throws IOException {
    Result result = record("runc", pod("mkdir /no/such; exit 7"));
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.err().replaceAll("\\s+", " "))
        .contains("container \"c\" ended with exit code 7, both times");
  }

  /// An image without a file, and a profile that is another one with what was seen beyond it.
  @Test
  void anImageAndABase() throws IOException {
    Files.createDirectories(directory.resolve("profiles"));
    Result result =
        Portcullis.run(
            "profile",
            "record",
            "--image",
            "localhost/portcullis/busybox:1",
            "--base",
            "containerd/default@1.7",
            "--output-file",
            directory.resolve("profiles/p.json").toString(),
            "--runtime-endpoint",
            RealRuntime.endpoint(),
            "--",
            "sh",
            "-c",
            "unshare -m true 2>&1; echo \"[$1]$#\"",
            "name",
            "");
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out().lines().filter(line -> line.endsWith("| []1"))).hasSize(2);
    assertThat(result.out())
        .contains("is WEAKER than containerd/default@1.7", "- ALLOW -> EPERM  unshare")
        .doesNotContain("added because")
        .contains("container \"busybox\" ran again under the profile");
    assertThat(counts()).containsKeys("unshare", "execve");
  }

  /// What the profile of a container refuses stays refused, in the same words of the program, and
  /// is listed.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void whatWasDeniedStaysDenied(String handler) throws IOException {
    String line = "mkdir /tmp/x; unshare -m true 2>&1; (chmod 700 /tmp/x; echo chmod $?) 2>&1";
    Files.createDirectories(directory.resolve("own"));
    Result own =
        Portcullis.run(
            "profile",
            "derive",
            "containerd/default@1.7",
            "--deny",
            "chmod",
            "--output-file",
            directory.resolve("own/own.json").toString());
    assertThat(own.code()).as(own.err()).isZero();
    Result result =
        record(
            handler,
            pod(line, PodText.profile("own.json")),
            "--keep-denied",
            "--seccomp-profile-root",
            directory.resolve("own").toString());
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out().replaceAll("\\s+", " "))
        .contains("refused by the profile that it had: ", "chmod (EPERM)", "unshare (EPERM)");
    assertThat(result.out().lines().filter(each -> each.endsWith("| chmod 1"))).hasSize(2);
    assertThat(counts()).containsEntry("mkdir", 1L).doesNotContainKeys("chmod", "unshare");
    Result without = record(handler, pod(line), "--overwrite", "--no-prove");
    assertThat(without.out()).contains("| chmod 0").doesNotContain("refused by");
    assertThat(counts()).containsKeys("chmod", "unshare");
  }

  /// A run as always, under the profile of the pod, which also leaves a profile of what it did.
  @Test
  void aRunThatIsRecorded() throws IOException {
    String file =
        pod("mkdir /tmp/x; unshare -m true 2>&1; exit 3", "securityContext: {runAsUser: 1000}");
    Path profiles = directory.resolve("made");
    String[] run = {
      "run",
      "-o",
      "json",
      "--runtime-endpoint",
      RealRuntime.endpoint(),
      "--record",
      profiles.toString(),
      file
    };
    Result result = Portcullis.run(run);
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.containers().get("c"))
        .isEqualTo(new Portcullis.Container("runtime/default", "cluster-default", 2, 1, 3));
    assertThat(result.err().replaceAll("\\s+", " "))
        .contains("Operation not permitted", "unshare (EPERM)", "recorded-c.json, which allows");
    assertThat(profiles.resolve("recorded-c.recording.json")).exists();
    assertThat(
            Portcullis.run("profile", "validate", profiles.resolve("recorded-c.json").toString())
                .code())
        .isZero();
    Result again = Portcullis.run(run);
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.err()).contains("recorded-c.json: the file exists");
  }

  /// What a runtime executes in a container is recorded with it, and works under the profile.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aProgramThatTheRuntimeExecutes(String handler) throws Exception {
    String file = pod("until [ -e /tmp/over ]; do sleep 0.1; done; echo over");
    List<Integer> codes = Collections.synchronizedList(new ArrayList<>());
    Thread probes =
        Thread.ofPlatform()
            .start(() -> {
              for (int run = 0; run < 2; run++) {
                codes.add(execute("rmdir /tmp/none; mkdir /tmp/over"));
              }
            });
    Result result = record(handler, file);
    probes.join(Duration.ofSeconds(30));
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(codes).containsExactly(0, 0);
    assertThat(counts()).containsEntry("mkdir", 1L).containsEntry("rmdir", 1L);
    assertThat(result.out()).contains("ran again under the profile");
  }

  /// As a kubelet does for a probe, in the next container that runs a shell.
  ///
  /// @return the exit code of the line
  private int execute(String line) {
    String socket = RealRuntime.endpoint().replaceFirst("^unix://", "");
    try (Cri cri = Cri.connect(RealRuntime.endpoint());
        KubeletCalls kubelet = new KubeletCalls(Path.of(socket), false, directory)) {
      for (int i = 0; i < 1000; i++) {
        for (ListItem container : cri.containers(Map.of("io.kubernetes.pod.name", "recorded"))) {
          if (!executed.contains(container.id())
              && cri.containerStatus(container.id()).state() instanceof ContainerStatus.Running) {
            executed.add(container.id());
            return kubelet
                .call(
                    RuntimeServiceGrpc.getExecSyncMethod(),
                    Api.ExecSyncRequest.newBuilder()
                        .setContainerId(container.id())
                        .addAllCmd(List.of("sh", "-c", line))
                        .setTimeout(20)
                        .build())
                .getExitCode();
          }
        }
        Thread.sleep(50);
      }
    } catch (CriException | InterruptedException broken) {
      throw new AssertionError(broken);
    }
    return -1;
  }

  /// Without an answer a call fails with ENOSYS: the container ends, and nothing hangs.
  @Test
  void aSupervisorThatDies() throws Exception {
    String file =
        pod("echo begins; while mkdir /tmp/x; do rmdir /tmp/x; done; echo ended: $?; exit 9");
    Process process =
        Portcullis.process(
                "profile",
                "record",
                file,
                "--output-file",
                directory.resolve("profiles/p.json").toString(),
                "--runtime-endpoint",
                RealRuntime.endpoint())
            .redirectErrorStream(true)
            .start();
    try (var lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("begins")) {
        line = lines.readLine();
      }
      assertThat(line).isNotNull();
    }
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      List<ListItem> sandboxes = cri.sandboxes(Map.of("io.kubernetes.pod.name", "recorded"));
      assertThat(sandboxes).isNotEmpty();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      boolean runs = true;
      while (runs && System.nanoTime() < end) {
        runs = processes("while mkdir /tmp/x; do");
        Thread.sleep(100);
      }
      for (ListItem sandbox : sandboxes) {
        cri.stopSandbox(sandbox.id());
        cri.removeSandbox(sandbox.id());
      }
      assertThat(runs).as("the container ends by itself").isFalse();
    }
  }

  /// Whether a process has these words in its command line.
  private static boolean processes(String words) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .anyMatch(pid -> {
          try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(words);
          } catch (IOException ended) {
            return false;
          }
        });
  }
}
