package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.TestingRuntime;
import dev.portcullis.run.crio.CrioShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// Verbs that ask CRI-O for its default profile.
@EnabledIf(value = "possible", disabledReason = "needs root and python3 on Linux, x86_64")
@Timeout(120)
class CrioVerbTest {
  private static final String OTHER = CrioShape.DEFAULT_PROFILE.replace("\"mkdir\", ", "");

  @TempDir private Path directory;
  private int pods;

  static boolean possible() {
    return "root".equals(System.getProperty("user.name"))
        && "amd64".equals(System.getProperty("os.arch"))
        && Arrays.stream(System.getenv("PATH").split(":", -1))
            .anyMatch(it -> Files.isExecutable(Path.of(it, "python3")));
  }

  private interface Trial {
    void on(String endpoint, Cri cri) throws Exception;
  }

  private void with(CrioShape shape, Trial trial) throws Exception {
    try (shape;
        TestingRuntime runtime = shape.at(directory.resolve("crio.sock")).start();
        Cri cri = Cri.connect(runtime.endpoint())) {
      trial.on(runtime.endpoint(), cri);
    }
  }

  /// Starts a container that stays, under the runtime's default.
  ///
  /// @return its process
  private long start(Cri cri, String handler, Map<String, String> annotations) throws Exception {
    String name = "p" + ++pods;
    SandboxSpec sandbox =
        new SandboxSpec(
            new SandboxSpec.Pod(name, "default", "uid-" + name),
            Map.of(),
            annotations,
            new SandboxSpec.Network(true, "", List.of()),
            SandboxSpec.Isolation.DEFAULT,
            new SandboxSpec.Placement(directory, ""));
    String pod = cri.runSandbox(sandbox, handler);
    String id =
        cri.createContainer(
            pod,
            new ContainerSpec(
                new ContainerSpec.Identity("c", CrioShape.IMAGE, "c.log", Map.of(), Map.of()),
                new ContainerSpec.Program(
                    List.of("sleep", "100"), List.of(), new LinkedHashMap<>(), ""),
                List.of(),
                new ContainerSpec.Security(
                    false,
                    new SeccompSetting.RuntimeDefault(),
                    ContainerSpec.User.OF_IMAGE,
                    ContainerSpec.Capabilities.DEFAULT,
                    false,
                    false),
                ContainerSpec.Limits.NONE),
            sandbox);
    cri.startContainer(id);
    Long pid = cri.containerStatus(id).pid();
    assertThat(pid).isNotNull();
    return pid;
  }

  private static Run run(String endpoint, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--runtime-endpoint", endpoint));
    return Run.of(all.toArray(String[]::new));
  }

  /// It has nine default capabilities, and calls its default profile otherwise than containerd.
  @Test
  void itsDefaultIsFound() throws Exception {
    with(
        CrioShape.usual(),
        (endpoint, cri) -> {
          long pid = start(cri, "", Map.of());
          Run show = run(endpoint, "profile", "show", "runtime/default");
          assertThat(show.err()).isEmpty();
          assertThat(show.code()).isZero();
          assertThat(show.out()).contains("mkdir");
          Run verify = run(endpoint, "verify", "pid:" + pid, "--profile", "runtime/default");
          assertThat(verify.err()).isEmpty();
          assertThat(verify.out()).contains("runs the filter of runtime/default (proven");
          Run compare = run(endpoint, "profile", "compare", "pid:" + pid, "runtime/default");
          assertThat(compare.out()).contains("is EQUAL to runtime/default");
          Run derive =
              run(endpoint, "profile", "derive", "--from", "runtime/default", "--deny", "rmdir");
          assertThat(derive.code()).isZero();
          // Docker's fourteen are asked for, and nothing has them.
          Run docker =
              run(
                  endpoint,
                  "profile",
                  "show",
                  "runtime/default",
                  "--capabilities",
                  "CHOWN,DAC_OVERRIDE,FOWNER,FSETID,KILL,SETGID,SETUID,SETPCAP,NET_BIND_SERVICE,NET_RAW");
          assertThat(docker.code()).isEqualTo(3);
          assertThat(docker.err())
              .contains("none with these capabilities", "some run with without CAP_NET_RAW");
        });
  }

  /// A file in Docker's format is decided for the same container as the runtime's default beside
  /// it.
  @Test
  void aFileBesideItIsDecidedForTheSameContainer() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("docker.json"),
            """
            {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
             "syscalls": [
              {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
              {"names": ["chroot"], "action": "SCMP_ACT_ERRNO",
               "excludes": {"caps": ["CAP_SYS_CHROOT"]}}]}
            """);
    with(
        CrioShape.usual(),
        (endpoint, cri) -> {
          start(cri, "", Map.of());
          Run compare = run(endpoint, "profile", "compare", file.toString(), "runtime/default");
          assertThat(compare.err()).isEmpty();
          assertThat(compare.out()).contains("@@ x86_64 @@\n+ EPERM -> ALLOW  chroot\n");
        });
    assertThat(Run.of("profile", "compare", file.toString(), "unconfined").out())
        .doesNotContain("chroot");
  }

  @Test
  void twoHandlersMayHaveTwoDefaults() throws Exception {
    with(
        CrioShape.usual().withDefaultOf("crun", OTHER),
        (endpoint, cri) -> {
          start(cri, "", Map.of());
          start(cri, "crun", Map.of());
          Run either = run(endpoint, "profile", "show", "runtime/default");
          assertThat(either.code()).isEqualTo(3);
          assertThat(either.err())
              .contains(
                  "its handlers have different defaults (crun, runc): name one with"
                      + " --runtime-handler");
          Run runc =
              run(endpoint, "profile", "show", "runtime/default", "--runtime-handler", "runc");
          assertThat(runc.out()).contains("2 EACCES");
          Run crun =
              run(endpoint, "profile", "show", "runtime/default", "--runtime-handler", "crun");
          assertThat(crun.code()).isZero();
          assertThat(crun.out()).contains("1 EACCES");
          Run none =
              run(endpoint, "profile", "show", "runtime/default", "--runtime-handler", "kata");
          assertThat(none.code()).isEqualTo(3);
          assertThat(none.err()).contains("it has no handler \"kata\"; it has crun, runc");
        });
  }

  @Test
  void whatIsRecognisedIsShown() throws Exception {
    with(
        CrioShape.usual(),
        (endpoint, cri) -> {
          Run version = run(endpoint, "version");
          assertThat(version.code()).isZero();
          assertThat(version.err()).isEmpty();
          assertThat(version.out())
              .contains(
                  """
                  runtime cri-o 1.36.3 (CRI v1)
                    facts: cri-o from 1.34 on
                    default capabilities: CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETGID SETPCAP SETUID (reported by the runtime)
                    privileged containers: run without a filter
                    processes are made by: CreateContainer
                  """)
              .contains("  handler: crun\n", "  handler: runc (the default one)\n")
              .contains("  libseccomp: not reported by the runtime; ");
          assertThat(run(endpoint, "version", "-o", "json").out())
              .contains(
                  "\"runtime\" : {",
                  "\"processMadeBy\" : \"CreateContainer\"",
                  "\"source\" : \"reported by the runtime\"");
        });
    assertThat(Run.of("version").out()).doesNotContain("runtime ");
    Run none = Run.of("version", "--runtime-endpoint", "unix:///nowhere/x.sock");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.out()).isEmpty();
  }

  @Test
  void anUnknownVersionIsSaidToBeUnknown() throws Exception {
    try (CrioShape shape = CrioShape.usual();
        TestingRuntime runtime =
            shape
                .at(directory.resolve("crio.sock"))
                .on(
                    RuntimeServiceGrpc.getVersionMethod(),
                    _ ->
                        Api.VersionResponse.newBuilder()
                            .setRuntimeName("cri-o")
                            .setRuntimeVersion("9.1.0")
                            .setRuntimeApiVersion("v1")
                            .build())
                .on(
                    RuntimeServiceGrpc.getStatusMethod(),
                    _ ->
                        Api.StatusResponse.newBuilder()
                            .putInfo(
                                "config",
                                "{\"crio\": {\"PrivilegedSeccompProfile\": \"/etc/crio/p.json\","
                                    + " \"DefaultRuntime\": \"a\", \"Runtimes\": {\"a\":"
                                    + " {\"RuntimePath\": \"/usr/bin/crun\", \"SeccompProfile\":"
                                    + " \"/etc/crio/a.json\"}}}}")
                            .build())
                .start()) {
      assertThat(run(runtime.endpoint(), "version").out())
          .contains(
              "  facts: cri-o from 1.34 on; unknown version: 9.1.0 is newer than the known"
                  + " versions; the facts of 1.37 are used\n",
              " (not reported; the default of this version)\n",
              "  privileged containers: run under /etc/crio/p.json (privileged_seccomp_profile)\n",
              "  handler: a (the default one; /usr/bin/crun; runtime/default is"
                  + " /etc/crio/a.json)\n");
    }
  }

  /// What the notifier changes is not the default.
  @Test
  void aContainerWithAListenerIsPassedOver() throws Exception {
    Map<String, String> notifier = Map.of("seccomp-notifier-action.crio.io", "stop");
    with(
        CrioShape.usual(),
        (endpoint, cri) -> {
          start(cri, "", notifier);
          Run none = run(endpoint, "profile", "show", "runtime/default");
          assertThat(none.code()).isEqualTo(3);
          assertThat(none.err())
              .contains(
                  "no container runs with runtime/default here (except 1 whose profile the"
                      + " runtime's seccomp notifier has changed)");
          start(cri, "", Map.of());
          Run show = run(endpoint, "profile", "show", "runtime/default", "-o", "json");
          assertThat(show.code()).isZero();
          assertThat(show.out()).doesNotContain("USER_NOTIF");
        });
  }
}
