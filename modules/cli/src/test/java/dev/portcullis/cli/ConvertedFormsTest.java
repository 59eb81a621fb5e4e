package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Converted profiles, read by the programs that they are for.
class ConvertedFormsTest {
  private static final Path EXAMPLES = Path.of("examples/profiles");

  @TempDir Path temporary;

  private record Ended(int code, String output) {}

  private Ended call(List<String> command) throws IOException, InterruptedException {
    Path output = temporary.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end: " + Files.readString(output));
    }
    return new Ended(process.exitValue(), Files.readString(output, UTF_8));
  }

  private static String converted(Path profile, String form) {
    Run run = Run.of("profile", "convert", profile.toString(), "--to", form);
    assertThat(run.code()).as(run.err()).isZero();
    return run.out();
  }

  private Ended verified(String unit) throws IOException, InterruptedException {
    Path file = temporary.resolve("converted.service");
    Files.writeString(file, unit);
    return call(List.of("systemd-analyze", "--man=no", "verify", file.toString()));
  }

  @Test
  void systemdReadsItsDropIn() throws IOException, InterruptedException {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/systemd-analyze")),
        "no systemd-analyze: apt-get install systemd");
    for (String name : List.of("browser-sandbox.json", "example-explorer-profile")) {
      String unit = converted(EXAMPLES.resolve(name), "systemd") + "ExecStart=/bin/true\n";
      assertThat(verified(unit).output()).doesNotContain("converted.service");
      // What systemd cannot read it says.
      assertThat(verified(unit.replace(" accept4", " acept4")).output())
          .contains(unit.contains(" accept4") ? "acept4" : "");
    }
  }

  /// A container under the policy: one call is denied with an errno of its own, by the mask of an
  /// argument, what is not named works, and what LXC cannot say stops no container.
  @Test
  void lxcRunsAContainerUnderItsPolicy() throws IOException, InterruptedException {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/lxc-execute")) && Files.exists(Path.of("/bin/busybox")),
        "no LXC, or no static busybox: apt-get install lxc busybox-static");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root starts a container here");
    Path profile =
        Files.writeString(
            temporary.resolve("profile.json"),
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
             "syscalls": [
              {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28,
               "args": [{"index": 1, "value": 7, "valueTwo": 5, "op": "SCMP_CMP_MASKED_EQ"}]},
              {"names": ["fchmodat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28,
               "args": [{"index": 2, "value": 7, "valueTwo": 5, "op": "SCMP_CMP_MASKED_EQ"}]},
              {"names": ["getpid"], "action": "SCMP_ACT_LOG"},
              {"names": ["rmdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 16}]}
            """);
    Path policy = Files.writeString(temporary.resolve("policy"), converted(profile, "lxc"));
    Path root = temporary.resolve("root");
    for (String directory : List.of("bin", "sbin", "proc", "sys", "dev", "tmp")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    Files.copy(Path.of("/usr/sbin/init.lxc.static"), root.resolve("sbin/init.lxc.static"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path config =
        Files.writeString(
            temporary.resolve("config"),
            "lxc.rootfs.path = dir:"
                + root
                + "\nlxc.net.0.type = empty\nlxc.seccomp.profile = "
                + policy
                + "\n");
    Ended ended =
        call(
            List.of(
                "lxc-execute",
                "-n",
                "portcullis-" + ProcessHandle.current().pid(),
                "-P",
                Files.createDirectory(temporary.resolve("containers")).toString(),
                "-f",
                config.toString(),
                "--",
                "/bin/busybox",
                "sh",
                "-c",
                "busybox mkdir /tmp/a /tmp/b; busybox chmod 775 /tmp/a; busybox chmod 770 /tmp/b;"
                    + " busybox rmdir /tmp/b"));
    assumeTrue(!ended.output().contains("cgroup"), "LXC starts nothing here: " + ended.output());
    assertThat(ended.output())
        .contains("/tmp/a: No space left on device")
        .contains("'/tmp/b': Device or resource busy")
        .doesNotContain("/tmp/b: No space left on device");
  }
}
