package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of filters is held against reality: each profile is given to a real runtime, the
/// filter read back from the container's process, and compared with what the compiler makes, as
/// that runtime's.
class RuntimeFiltersTest {
  @RegisterExtension static final RealRuntime RUNTIME = new RealRuntime();

  @TempDir private Path directory;
  private int number;

  private SandboxSpec sandbox(String handler) {
    return new SandboxSpec(
        new SandboxSpec.Pod("live-" + handler, "default", "uid-live-" + handler),
        Map.of(),
        Map.of(),
        new SandboxSpec.Network(true, "", List.of()),
        SandboxSpec.Isolation.DEFAULT,
        new SandboxSpec.Placement(directory, RealRuntime.name()));
  }

  private ContainerSpec sleeper(SeccompSetting seccomp) {
    number++;
    return new ContainerSpec(
        new ContainerSpec.Identity(
            "c" + number,
            "localhost/portcullis/busybox:1",
            "c" + number + ".log",
            Map.of(),
            Map.of()),
        new ContainerSpec.Program(List.of("sleep", "100"), List.of(), new LinkedHashMap<>(), ""),
        List.of(),
        new ContainerSpec.Security(
            false,
            seccomp,
            ContainerSpec.User.OF_IMAGE,
            ContainerSpec.Capabilities.DEFAULT,
            false,
            false),
        ContainerSpec.Limits.NONE);
  }

  private interface Question<T> {
    T ask(String id, LiveProcess process) throws Exception;
  }

  private <T> T withContainer(
      Cri cri, String pod, SandboxSpec sandbox, SeccompSetting seccomp, Question<T> question)
      throws Exception {
    String id = cri.createContainer(pod, sleeper(seccomp), sandbox);
    try {
      cri.startContainer(id);
      Long pid = cri.containerStatus(id).pid();
      assertThat(pid).isNotNull();
      try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
        for (int i = 0; i < 1_000 && !filtered(process); i++) {
          LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        return question.ask(id, process);
      }
    } finally {
      cri.removeContainer(id);
    }
  }

  private static boolean filtered(LiveProcess process) throws IOException {
    return process
        .seccompOfProgram(0)
        .filter(it -> it.mode() == SeccompState.Mode.FILTER)
        .isPresent();
  }

  /// The dialect of the program that is installed under a name.
  private static Dialect dialect(String handler) throws Exception {
    Process process = new ProcessBuilder(handler, "--version").start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    Matcher version = Pattern.compile("version 1\\.(\\d+)(?:\\.(\\d+))?").matcher(said);
    assertThat(version.find()).as(said).isTrue();
    int minor = Integer.parseInt(version.group(1));
    if (handler.equals("crun")) {
      return minor < 30 ? Dialect.CRUN_1_29 : Dialect.CRUN;
    }
    boolean older = minor < 1 || (minor == 1 && Integer.parseInt(version.group(2)) < 15);
    return older ? Dialect.RUNC_1_1 : Dialect.RUNC;
  }

  private static Filters compiled(byte[] json, Dialect dialect) {
    return Filters.of(made(json, dialect).program());
  }

  private static Compilation.Compiled made(byte[] json, Dialect dialect) {
    if (!(ProfileReader.read(json) instanceof ProfileParseResult.Read(var profile, _))) {
      throw new AssertionError("no profile");
    }
    return switch (Compiler.inThisProcess()
        .compile(ResolvedProfile.of(profile).orElseThrow(), dialect)) {
      case Compilation.Compiled compiled -> compiled;
      case Compilation.Refused(String reason) -> throw new AssertionError(reason);
      case Compilation.Undecided(String reason) -> throw new AssertionError(reason);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void theFilterInTheKernelIsTheOneThatIsSpokenOf(String handler) throws Exception {
    Dialect dialect = dialect(handler);
    SandboxSpec sandbox = sandbox(handler);
    List<String> wrong = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    int same = 0;
    int profiles = 0;
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      String pod = cri.runSandbox(sandbox, handler);
      try {
        for (var entry : NastyProfiles.all().entrySet()) {
          Path file =
              Files.writeString(directory.resolve("p" + profiles + ".json"), entry.getValue());
          profiles++;
          try {
            Compilation.Compiled made = made(Files.readAllBytes(file), dialect);
            Filters expected = Filters.of(made.program());
            LiveFilters live =
                withContainer(
                    cri,
                    pod,
                    sandbox,
                    new SeccompSetting.Localhost(file),
                    (_, process) -> LiveFilters.read(process).orElseThrow());
            if (made.spellings().include(live.filters().newestFirst().getFirst())) {
              same++;
            } else {
              wrong.add(entry.getKey() + ": not instruction for instruction");
            }
            Proof proof =
                Prover.by(Compiler.inThisProcess(), Bounds.USUAL)
                    .judge(live, new Expectation.Known(List.of(expected)));
            if (!(proof instanceof Proof.Proven(int further, _)) || further != 0) {
              wrong.add(entry.getKey() + ": " + proof.text() + ": " + proof.detail());
            }
          } catch (CriException e) {
            // runc before 1.2.0, and what `profile validate` says of it.
            if (String.valueOf(e.getMessage()).contains("flags are not yet supported by runc")) {
              refused.add(entry.getKey());
            } else {
              wrong.add(entry.getKey() + ": " + e.getMessage());
            }
          } catch (AssertionError e) {
            wrong.add(entry.getKey() + ": " + e);
          }
        }
        Path given = directory.resolve("default.json");
        Proof ofDefault =
            withContainer(
                cri,
                pod,
                sandbox,
                new SeccompSetting.RuntimeDefault(),
                (id, process) -> {
                  byte[] profile = cri.given(id).orElseThrow().profile().orElseThrow();
                  Files.write(given, profile);
                  return Prover.by(Compiler.inThisProcess(), Bounds.USUAL)
                      .prove(process, new Expectation.Known(List.of(compiled(profile, dialect))))
                      .orElseThrow();
                });
        assertThat(ofDefault).isInstanceOf(Proof.Proven.class);
      } finally {
        cri.stopSandbox(pod);
        cri.removeSandbox(pod);
      }
    }
    System.out.println(
        handler
            + ": "
            + same
            + " of "
            + profiles
            + " instruction for instruction; makes no container under "
            + refused);
    assertThat(wrong).isEmpty();
    assertThat(refused).isSubsetOf("flags");
    assertThat(same + refused.size()).isEqualTo(profiles);
  }

  private static final String DENIES_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
      """;

  @Test
  void theVerbsSayWhatRuns() throws Exception {
    SandboxSpec sandbox = sandbox("runc");
    Path file = Files.writeString(directory.resolve("mkdir.json"), DENIES_MKDIR);
    Path other =
        Files.writeString(
            directory.resolve("other.json"), DENIES_MKDIR.replace("\"mkdirat\"", "\"rmdir\""));
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      String pod = cri.runSandbox(sandbox, "runc");
      try {
        int gone =
            withContainer(
                cri,
                pod,
                sandbox,
                new SeccompSetting.Localhost(file),
                (_, process) -> {
                  String pid = "pid:" + process.pid();
                  assertRight(verify(pid, file.toString()), "runs the filter of " + file);
                  assertRight(
                      verify(pid, file.toString(), "-o", "json"), "\"result\" : \"proven\"");
                  assertRight(compare(pid, file.toString()), "is EQUAL to");
                  Portcullis.Result differs = verify(pid, other.toString());
                  assertThat(differs.code()).isEqualTo(1);
                  assertThat(differs.out())
                      .contains("does not run the filter of", "is INCOMPARABLE with")
                      .contains("weaker:\n@@ x86_64", "- ALLOW -> EPERM  rmdir\n");
                  Portcullis.Result unconfined = verify(pid, "unconfined", "-o", "json");
                  assertThat(unconfined.code()).isEqualTo(1);
                  assertThat(unconfined.out())
                      .contains("\"result\" : \"different\"", "\"relation\" : \"STRICTER\"");
                  return (int) process.pid();
                });
        Portcullis.Result ended = verify("pid:" + gone, file.toString());
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("pid:" + gone + ": there is no such process");
        Object _ =
            withContainer(
                cri,
                pod,
                sandbox,
                new SeccompSetting.RuntimeDefault(),
                (_, process) -> {
                  String pid = "pid:" + process.pid();
                  assertRight(
                      verify(pid, "runtime/default"), pid + " runs the filter of runtime/default");
                  assertRight(compare(pid, "runtime/default"), "is EQUAL to runtime/default");
                  Portcullis.Result wider =
                      compare(pid, "runtime/default", "--capabilities", "CAP_SYS_ADMIN");
                  assertThat(wider.code()).isEqualTo(3);
                  assertThat(wider.err()).contains("without CAP_SYS_ADMIN", "also CAP_AUDIT_WRITE");
                  assertThat(compare("unconfined", "runtime/default").code()).isEqualTo(1);
                  String builtIn = BuiltIn.of(cri);
                  assertRight(compare("runtime/default", builtIn), "is EQUAL to " + builtIn);
                  assertRight(verify(pid, builtIn), pid + " runs the filter of " + builtIn);
                  Path derived = directory.resolve("derived.json");
                  Portcullis.Result made =
                      profile(
                          "derive",
                          "--from",
                          "runtime/default",
                          "--output-file",
                          derived.toString());
                  assertThat(made.err()).contains("is EQUAL to runtime/default");
                  assertRight(
                      verify(pid, derived.toString()), pid + " runs the filter of " + derived);
                  assertThat(
                          profile("derive", "--from", "runtime/default", "--allow", "kcmp").err())
                      .contains("weaker:\n@@ x86_64", "- ALLOW -> EPERM  kcmp\n");
                  assertRight(
                      profile("convert", "runtime/default", "--to", "oci", "--strict"),
                      "\"defaultAction\"");
                  return "";
                });
      } finally {
        cri.stopSandbox(pod);
        cri.removeSandbox(pod);
      }
    }
  }

  private static void assertRight(Portcullis.Result result, String words) {
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains(words);
  }

  private static Portcullis.Result verify(String pid, String profile, String... more) {
    List<String> args = new ArrayList<>(List.of("verify", pid, "--profile", profile));
    args.addAll(List.of("--runtime-endpoint", RealRuntime.endpoint()));
    args.addAll(List.of(more));
    return Portcullis.run(args.toArray(String[]::new));
  }

  private static Portcullis.Result profile(String... verb) {
    List<String> args = new ArrayList<>(List.of("profile"));
    args.addAll(List.of(verb));
    args.addAll(List.of("--runtime-endpoint", RealRuntime.endpoint()));
    return Portcullis.run(args.toArray(String[]::new));
  }

  private static Portcullis.Result compare(String first, String second, String... more) {
    List<String> args = new ArrayList<>(List.of("profile", "compare", first, second));
    args.addAll(List.of("--runtime-endpoint", RealRuntime.endpoint()));
    args.addAll(List.of(more));
    return Portcullis.run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void aRunProvesItsContainers(String handler) throws Exception {
    Files.writeString(directory.resolve("mkdir.json"), DENIES_MKDIR);
    Portcullis.Result result =
        run(
            handler,
            PodText.shell(directory, "default", "sleep 1"),
            PodText.shell(directory, "named", "sleep 1", PodText.profile("mkdir.json")),
            PodText.shell(
                directory,
                "free",
                "sleep 1",
                "securityContext: {seccompProfile: {type: Unconfined}}"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().split("\"proven\" : true", -1)).hasSize(3);
    assertThat(result.out().split("\"proven\" : null", -1)).hasSize(2);
  }

  /// Where a profile lacks restart_syscall, the kernel cannot resume a sleep that a stop
  /// interrupted.
  @ParameterizedTest
  @ValueSource(strings = {"SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS"})
  void aProofDoesNotEndASleep(String answer) throws Exception {
    Files.writeString(
        directory.resolve("norestart.json"),
        DENIES_MKDIR.replace(
            "\"syscalls\": [",
            "\"syscalls\": [{\"names\": [\"restart_syscall\"], \"action\": \"" + answer + "\"},"));
    Portcullis.Result result =
        run(
            "runc",
            PodText.shell(
                directory, "sleeper", "exec sleep 600", PodText.profile("norestart.json")),
            "--for",
            "4s");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("\"proven\" : true").contains("\"exitCode\" : 137");
  }

  /// The kernel says that there is a filter; only that it is another one cannot be seen in /proc.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunStopsWhatHasAnotherFilter(boolean named) throws Exception {
    Files.writeString(directory.resolve("mkdir.json"), DENIES_MKDIR);
    String pod =
        named
            ? PodText.shell(directory, "other", "sleep 60", PodText.profile("mkdir.json"))
            : PodText.shell(directory, "other", "sleep 60");
    Portcullis.Result result = run("otherfilter", pod);
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("container \"c\" does not run the filter of ", ", and was stopped: ")
        .containsPattern("(mkdir|rmdir)\\(0, 0, 0, 0, 0, 0\\) on x86_64: the kernel has ");
    assertThat(result.out()).contains("\"proven\" : false");
  }

  private Portcullis.Result run(String handler, String... pods) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "--prove",
                "-o",
                "json",
                "--runtime-endpoint",
                RealRuntime.endpoint(),
                "--runtime-handler",
                handler,
                "--seccomp-profile-root",
                directory.toString()));
    args.addAll(List.of(pods));
    return Portcullis.run(args.toArray(String[]::new));
  }
}
