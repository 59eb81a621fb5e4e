package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.ListItem;
import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RealRuntime.class)
class RunTest {
  private static final String DENY_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
      """;

  @TempDir private Path directory;

  private Result run(String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "--runtime-endpoint",
                RealRuntime.endpoint(),
                "--seccomp-profile-root",
                directory.resolve("profiles").toString()));
    all.addAll(List.of(args));
    return Portcullis.run(all.toArray(String[]::new));
  }

  private Container only(Result result) {
    assertThat(result.containers()).as(result.err()).hasSize(1);
    return result.containers().values().iterator().next();
  }

  /// The forbidden call fails with the errno of the profile, and works without it.
  @ParameterizedTest
  @CsvSource({
    "runc, deny.json, Read-only file system, 1",
    "crun, deny.json, Read-only file system, 1",
    "runc, , made, 0",
    "crun, , made, 0",
  })
  void aProfileForbidsWhatItSays(String handler, String profile, String said, int filters)
      throws IOException {
    PodText.write(directory, "profiles/deny.json", DENY_MKDIR);
    String file =
        PodText.shell(
            directory,
            "mkdir",
            "mkdir /tmp/x && echo made; sleep 0.3",
            profile == null
                ? "securityContext: {seccompProfile: {type: Unconfined}}"
                : PodText.profile(profile));
    Result result = run("--runtime-handler", handler, "-o", "json", file);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains(said);
    assertThat(only(result).filters()).isEqualTo(filters);
  }

  /// Without no_new_privs a runtime loads the filter before it gives rights up (CAP_SYS_ADMIN is
  /// needed for it), and believes what the filter answers.
  static final String FAKES =
      """
      {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
        {"names": ["capset", "setuid", "setgid", "setgroups", "setresuid", "setresgid"],
         "action": "SCMP_ACT_ERRNO", "errnoRet": 0},
        {"names": ["prctl"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0,
         "args": [{"index": 0, "value": 24, "op": "SCMP_CMP_EQ"}]}]}
      """;

  @ParameterizedTest
  @CsvSource({
    "runc, fakes.json, true",
    "crun, fakes.json, true",
    "runc, deny.json, false",
    "crun, deny.json, false"
  })
  void whoKeepsWhatItShouldLoseIsStopped(String handler, String profile, boolean stopped)
      throws IOException {
    PodText.write(directory, "profiles/fakes.json", FAKES);
    PodText.write(directory, "profiles/deny.json", DENY_MKDIR);
    String file =
        PodText.shell(
            directory,
            "keeps",
            "sleep 1",
            "securityContext:",
            "  runAsUser: 1000",
            "  runAsGroup: 1000",
            "  capabilities: {drop: [ALL]}",
            "  seccompProfile: {type: Localhost, localhostProfile: " + profile + "}");
    Result result = run("--runtime-handler", handler, "-o", "json", file);
    assertThat(result.code()).as(result.err()).isEqualTo(stopped ? 3 : 0);
    if (stopped) {
      assertThat(result.err())
          .contains("container \"c\" has more rights than were requested: it is root (Uid: 0)")
          .contains("more capabilities, beyond what was requested; it was stopped");
    }
  }

  /// A container that ends at once is seen all the same.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aContainerThatEndsAtOnce(String handler) throws IOException {
    Result result =
        run("--runtime-handler", handler, "-o=json", PodText.shell(directory, "brief", "true"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(only(result).exitCode()).isZero();
    assertThat(only(result).mode()).isEqualTo(2);
  }

  @Test
  void theCodeOfAContainer() throws IOException {
    Result result = run("-o", "json", PodText.shell(directory, "seven", "exit 7"));
    assertThat(result.code()).isEqualTo(4);
    assertThat(only(result).exitCode()).isEqualTo(7);
  }

  @Test
  void aRuntimeThatDropsTheProfileIsFoundOutAndTheContainerStopped() throws IOException {
    String file = PodText.shell(directory, "naked", "echo began; sleep 60; echo survived");
    Result result = run("--runtime-handler", "nofilter", "-o", "json", file);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("should run under runtime/default", "Seccomp: 0", "it was stopped")
        .doesNotContain("survived");
    assertThat(only(result).mode()).isZero();
  }

  @Test
  void whatRunsUnconfinedOnPurposeMayDoSoUnderThatRuntime() throws IOException {
    String file =
        PodText.shell(
            directory,
            "free",
            "sleep 0.2",
            "securityContext: {seccompProfile: {type: Unconfined}}");
    assertThat(run("--runtime-handler", "nofilter", file).code()).isZero();
  }

  @Test
  void aPrivilegedContainerRunsUnconfinedAndTheResultSaysSo() throws IOException {
    String file =
        PodText.shell(directory, "big", "sleep 0.3", "securityContext: {privileged: true}");
    Result result = run("-o", "json", file);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("\"privileged\" : true");
    assertThat(only(result).mode()).isZero();
  }

  /// Trap: an OCI runtime takes no notice of Docker's conditions and would allow everything.
  @Test
  void aProfileInDockersFormatIsConvertedForTheContainer() throws IOException {
    PodText.write(
        directory,
        "profiles/docker.json",
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
                     {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}],
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30,
                       "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
        """);
    String line = "mkdir /tmp/x && echo made; sleep 0.2";
    Result without = run(PodText.shell(directory, "without", line, PodText.profile("docker.json")));
    assertThat(without.out()).as(without.err()).contains("Read-only file system");
    Result with =
        run(
            PodText.shell(
                directory,
                "with",
                line,
                "securityContext: {capabilities: {add: [SYS_ADMIN]}, seccompProfile: {type:"
                    + " Localhost, localhostProfile: docker.json}}"));
    assertThat(with.out()).as(with.err()).contains("made");
  }

  @ParameterizedTest
  @CsvSource({
    "missing.json, 3, does not exist",
    "empty.json, 1, empty.json",
    "nothing.json, 1, defaultAction",
    "bogus.json, 1, SCMP_ACT_BOGUS",
  })
  void aProfileThatCannotBeUsedStopsTheRunBeforeTheRuntimeIsAsked(
      String profile, int code, String said) throws IOException {
    PodText.write(directory, "profiles/empty.json", "");
    PodText.write(directory, "profiles/nothing.json", "{}");
    PodText.write(directory, "profiles/bogus.json", "{\"defaultAction\": \"SCMP_ACT_BOGUS\"}");
    Result result = run(PodText.shell(directory, "bad", "true", PodText.profile(profile)));
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err()).containsIgnoringCase(said).contains("nothing was started");
  }

  @Test
  void anImageThatIsNotThere() throws IOException {
    String file =
        PodText.write(
            directory,
            "absent.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: absent}
            spec:
              containers: [{name: c, image: 'localhost/none:1', imagePullPolicy: Never}]
            """);
    Result result = run(file);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("localhost/none:1", "--load-image");
  }

  @Test
  void anImageFromAFile() throws Exception {
    Path archive = directory.resolve("image.tar");
    Process export =
        new ProcessBuilder(
                "ctr",
                "--address",
                RealRuntime.endpoint().substring("unix://".length()),
                "--namespace",
                "k8s.io",
                "images",
                "export",
                archive.toString(),
                "localhost/portcullis/busybox:1")
            .redirectErrorStream(true)
            .start();
    String said = new String(export.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(export.waitFor()).as(said).isZero();
    Result result =
        run("--load-image", archive.toString(), PodText.shell(directory, "loaded", "echo hello"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("loaded localhost/portcullis/busybox:1");
    Result none = run("--load-image", "/nowhere.tar", PodText.shell(directory, "none", "true"));
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("/nowhere.tar");
  }

  @Test
  void whatIsKeptStaysAndIsSaidToStay() throws Exception {
    Result result = run("--keep", PodText.shell(directory, "kept", "sleep 100"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("left running", "the files of the pods are in ");
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      Map<String, String> labels = Map.of("io.kubernetes.pod.name", "kept");
      assertThat(cri.containers(labels)).hasSize(1);
      for (ListItem sandbox : cri.sandboxes(labels)) {
        cri.stopSandbox(sandbox.id());
        cri.removeSandbox(sandbox.id());
      }
      assertThat(cri.containers(labels)).isEmpty();
    }
    String files = result.err().replaceAll("(?s).*the files of the pods are in (\\S+).*", "$1");
    new ProcessBuilder("rm", "-r", files).start().waitFor();
  }

  @Test
  void aCommandThatIsNotThere() throws IOException {
    String file =
        PodText.write(
            directory,
            "typo.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: typo}
            spec:
              containers:
              - {name: c, image: 'localhost/portcullis/busybox:1', command: [slep, '1']}
            """);
    Result result = run(file);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("typo.yaml", "container \"c\"", "slep");
  }

  @Test
  void anInitContainerThatFailsEndsThePod() throws IOException {
    String file =
        PodText.write(
            directory,
            "init.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: init}
            spec:
              initContainers:
              - {name: first, image: 'localhost/portcullis/busybox:1', command: [sh, -c, exit 5]}
              containers:
              - {name: second, image: 'localhost/portcullis/busybox:1', command: [echo, reached]}
            """);
    Result result = run("-o", "json", file);
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.containers().get("first")).extracting(Container::exitCode).isEqualTo(5);
    assertThat(result.containers().get("second")).extracting(Container::exitCode).isNull();
    assertThat(result.err()).doesNotContain("reached");
  }

  @Test
  void whatAPodAsksForIsWhatItGets() throws IOException {
    String file =
        PodText.write(
            directory,
            "all.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {greeting: hello}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: hidden}
            stringData: {word: xyzzy}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: all, labels: {tier: front}}
            spec:
              hostname: special
              securityContext: {runAsUser: 1000, runAsGroup: 1001, runAsNonRoot: true}
              volumes:
              - {name: work, emptyDir: {}}
              - {name: fast, emptyDir: {medium: Memory}}
              - {name: config, configMap: {name: settings}}
              - {name: secret, secret: {secretName: hidden, defaultMode: 0444}}
              containers:
              - name: c
                image: localhost/portcullis/busybox:1
                workingDir: /scratch
                env:
                - {name: FIRST, value: one}
                - {name: SECOND, value: $(FIRST)-two}
                - {name: WORD, valueFrom: {secretKeyRef: {name: hidden, key: word}}}
                - {name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                command: [sh, -c]
                args:
                - |
                  echo "id $(id -u):$(id -g) host $(hostname) in $(pwd)"
                  echo "env $SECOND $WORD $TIER ${IP%%.*} arg $(FIRST)"
                  echo "files $(cat /config/greeting) $(cat /secret/word)"
                  touch /scratch/mine && echo written
                  echo data > /fast/x && df /fast | grep -q tmpfs && echo memory
                  touch /root-file || echo readonly
                resources: {limits: {memory: 32Mi, cpu: 500m}}
                securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}
                volumeMounts:
                - {name: work, mountPath: /scratch}
                - {name: fast, mountPath: /fast}
                - {name: config, mountPath: /config, readOnly: true}
                - {name: secret, mountPath: /secret}
            """);
    Result result = run(file);
    assertThat(result.code()).as(result.err() + result.out()).isZero();
    assertThat(result.out())
        .contains("id 1000:1001 host special in /scratch")
        .contains("env one-two xyzzy front 10 arg one")
        .contains("files hello xyzzy")
        .contains("written")
        .contains("memory")
        .contains("readonly");
  }
}
