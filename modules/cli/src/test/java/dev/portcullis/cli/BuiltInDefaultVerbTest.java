package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Default profiles by name and version, on a machine that may have no runtime.
class BuiltInDefaultVerbTest {
  private static final String OLD = "containerd/default@1.7";
  private static final String NEW = "containerd/default@2.3";

  @Test
  void comparesTwoReleases() {
    Run run = Run.of("profile", "compare", OLD, NEW);
    assertThat(run.code()).as(run.err()).isOne();
    assertThat(run.out())
        .startsWith("containerd/default@1.7.34 is WEAKER than containerd/default@2.3.4\n")
        .contains(
            "\n--- containerd/default@1.7.34\n+++ containerd/default@2.3.4\n\n"
                + "weaker:\n"
                + "@@ x86_64, x86, x32 @@\n"
                + "- ALLOW -> EPERM  io_uring_enter, io_uring_register, io_uring_setup\n");
    Run back = Run.of("profile", "compare", NEW, OLD);
    assertThat(back.code()).isOne();
    assertThat(back.out())
        .contains("+ EPERM -> ALLOW  io_uring_register\n", "  io_uring_enter, io_uring_setup\n");
    assertThat(
            Run.of("profile", "compare", "containerd/default@2.1", "containerd/default@2.0.8")
                .out())
        .isEqualTo("containerd/default@2.1.9 is EQUAL to containerd/default@2.0.8\n");
  }

  /// Other architectures that only repeat the difference are a line; `--arch` shows them.
  @Test
  void thisMachineComesFirst() {
    String[] releases = {"containerd/default@1.7.13", "containerd/default@1.6.28"};
    Run run = Run.of("profile", "compare", releases[0], releases[1]);
    assertThat(run.out())
        .contains("@@ x86_64 @@\n", "  socket where domain is 40 and its upper 32 bits are 0\n")
        .contains(
            "\n" + "  also on x86, x32, for other arguments: socket (--arch x86,x32 shows them)\n")
        .doesNotContain("@@ x86 @@");
    assertThat(Run.of("profile", "compare", releases[0], releases[1], "--arch", "x86").out())
        .contains("@@ x86 @@");
    assertThat(Run.of("profile", "compare", releases[0], releases[1], "-o", "json").out())
        .contains("\"number\" : 359");
  }

  @Test
  void showsTheNewestWithoutAVersion() {
    Run run = Run.of("profile", "show", "containerd/default");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("containerd/default@2.3.4 on ");
  }

  @Test
  void aCapabilityDecides() {
    String call = "  allowed       bpf";
    assertThat(Run.of("profile", "show", NEW).out()).doesNotContain(call);
    assertThat(Run.of("profile", "show", NEW, "--capabilities", "BPF").out()).contains(call);
  }

  @Test
  void isABaseToDeriveFromAndToConvert(@TempDir Path directory) {
    Path file = directory.resolve("mine.json");
    Run made =
        Run.of(
            "profile",
            "derive",
            "--from",
            OLD,
            "--deny",
            "ptrace",
            "--output-file",
            file.toString());
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.err()).contains("STRICTER than containerd/default@1.7.34");
    assertThat(Run.of("profile", "compare", file.toString(), OLD).code()).isZero();
    Path docker = directory.resolve("docker.json");
    Run converted =
        Run.of(
            "profile",
            "convert",
            NEW,
            "--to",
            "docker",
            "--strict",
            "--output-file",
            docker.toString());
    assertThat(converted.code()).as(converted.err()).isZero();
    assertThat(Run.of("profile", "compare", docker.toString(), NEW).out()).contains("is EQUAL to");
  }

  @Test
  void isValidatedByItsFullName() {
    Run run = Run.of("profile", "validate", NEW);
    assertThat(run.code()).as(run.out()).isZero();
    assertThat(run.out()).contains("containerd/default@2.3.4").contains("1 profile: 1 usable");
  }

  @Test
  void isAskedWhetherItClosesAVulnerability() {
    Run run = Run.of("exposure", "CVE-2022-0185", "containerd/default@2.0.8");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("closed with containerd/default@2.0.8\n");
    assertThat(Run.of("exposure", "CVE-2022-0185", "containerd/default@2.9").code()).isEqualTo(3);
  }

  @Test
  void aReleaseThatIsNotKnownIsAnError() {
    for (String verb : new String[] {"show", "validate"}) {
      Run run = Run.of("profile", verb, "containerd/default@2.9");
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.err().replaceAll("\\s+", " "))
          .contains("containerd/default@2.9: \"2.9\" is not known; there are 1.6.0-1.6.39, ");
    }
  }

  /// Where a runtime was named, or has to tell, nothing stands in for it.
  @Test
  void standsInWhereNoRuntimeIs(@TempDir Path directory) {
    assumeTrue(
        Files.notExists(Path.of("/run/containerd/containerd.sock")), "a containerd runs here");
    Run run = Run.of("profile", "show", "runtime/default");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("containerd/default@2.3.4 on ");
    assertThat(run.err().replaceAll("\\s+", " "))
        .contains(
            "runtime/default: no runtime is at unix:///run/containerd/containerd.sock, so this is"
                + " containerd/default@2.3.4, which is built in");
    Run compared = Run.of("profile", "compare", "runtime/default", NEW);
    assertThat(compared.code()).isZero();
    String none = "unix://" + directory + "/none";
    assertThat(Run.of("profile", "show", "runtime/default", "--runtime-endpoint", none).code())
        .isEqualTo(3);
    assertThat(Run.of("profile", "show", "runtime/default", "--runtime-handler", "runc").code())
        .isEqualTo(3);
    Run exposure = Run.of("exposure", "CVE-2022-0185", "runtime/default");
    assertThat(exposure.code()).as(exposure.out()).isEqualTo(3);
    assertThat(
            Run.of("verify", "pid:" + ProcessHandle.current().pid(), "--profile", "runtime/default")
                .code())
        .isEqualTo(3);
  }

  @Test
  void theListHasAllRuntimes() {
    assertThat(Run.of("profile", "list").out().lines().map(line -> line.split(" ", 2)[0]))
        .containsExactly(
            "NAME", "containerd/default", "docker/default", "podman/default", "crio/default");
  }

  @Test
  void theListOfOneHasWhatChanged() {
    Run run = Run.of("profile", "list", "containerd/default");
    assertThat(run.out())
        .contains(
            "containerd/default@2.0.0\n"
                + "  releases 2.0.0-2.0.8, 2.1.0-2.1.9\n"
                + "  since 2024-11-05, containerd/containerd v2.0.0\n"
                + "  compared with 1.7.13:\n"
                + "    - allow: io_uring_enter io_uring_register io_uring_setup\n");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Run.of("profile", "list", "docker", "-o", "json").out())
        .contains("\"name\" : \"docker/default@20.10.0\"")
        .doesNotContain("containerd/default");
    Run wrong = Run.of("profile", "list", "containerb");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err().replaceAll("\\s+", " "))
        .contains("no built-in defaults of \"containerb\"", "did you mean");
  }
}
