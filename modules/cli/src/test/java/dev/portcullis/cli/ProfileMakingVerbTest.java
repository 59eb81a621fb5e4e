package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs that make files of profiles.
class ProfileMakingVerbTest {
  private static final String EXAMPLES = "examples/profiles";

  @TempDir Path temporary;

  private String profile(String name, String defaultAction, String rules) throws IOException {
    String json =
        "{'defaultAction': 'SCMP_ACT_"
            + defaultAction
            + "',\n"
            + " 'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],\n"
            + " 'syscalls': ["
            + rules
            + "]}\n";
    return Files.writeString(temporary.resolve(name), json.replace('\'', '"')).toString();
  }

  private static final String MKDIR = "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO'}";

  @Nested
  class Derive {
    @Test
    void theRoundTripIsEqual() throws IOException {
      String origin = EXAMPLES + "/browser-sandbox.json";
      Path to = temporary.resolve("same.json");
      Run run = Run.of("profile", "derive", "--from", origin, "--output-file", to.toString());
      assertThat(run.code()).isZero();
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).isEqualTo("the derived profile is EQUAL to " + origin + "\n");
      assertThat(Run.of("profile", "compare", to.toString(), origin).out())
          .contains(" is EQUAL to");
    }

    @Test
    void changesAndTheComparison() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      Run run = Run.of("profile", "derive", "--from", origin, "--deny", "bpf", "--allow", "mkdir");
      assertThat(run.code()).isZero();
      assertThat(run.err())
          .contains("is INCOMPARABLE with " + origin)
          .containsPattern("weaker:\n@@ .*\n- ALLOW -> EPERM  mkdir\n")
          .containsPattern("stricter:\n@@ .*\n\\+ EPERM -> ALLOW  bpf\n");
      assertThat(run.out()).contains("\"bpf\"").doesNotContain("mkdir");
      Path again = Files.writeString(temporary.resolve("again"), run.out());
      assertThat(Run.of("profile", "validate", again.toString()).code()).isZero();
    }

    @Test
    void architecturesThatAreLeftOut() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      Run run = Run.of("profile", "derive", "--from", origin, "--without-arch", "x86,x32");
      assertThat(run.code()).isZero();
      assertThat(run.err()).contains("is STRICTER than " + origin);
      assertThat(run.out()).contains("SCMP_ARCH_X86_64").doesNotContain("_X32", "_X86\"");
      for (String wrong : new String[] {"aarch64", "x86_64", "z80"}) {
        Run refused = Run.of("profile", "derive", "--from", origin, "--without-arch", wrong);
        assertThat(refused.code()).as(wrong).isEqualTo(2);
        assertThat(refused.err()).contains("--without-arch");
      }
    }

    /// What is refused is logged, but for what `--deny` names and what seems to be absent.
    @Test
    void complain() throws IOException {
      String rules =
          "{'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW'},"
              + "{'names': ['clone3'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38},"
              + "{'names': ['reboot'], 'action': 'SCMP_ACT_KILL_PROCESS'}";
      String origin = profile("o", "ERRNO", rules);
      Run run =
          Run.of("profile", "derive", origin, "--complain", "--deny", "bpf", "--allow", "mkdir");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.err())
          .contains("proven for each OCI runtime: what " + origin + " allows is allowed, and what")
          .contains("note: ENOSYS as before for clone3:")
          .contains("the derived profile is WEAKER than " + origin)
          .contains("- LOG -> KILL_PROCESS  reboot")
          .containsPattern("- ALLOW -> EPERM +mkdir\n");
      Path logged = Files.writeString(temporary.resolve("logged"), run.out());
      Run show = Run.of("profile", "show", logged.toString());
      assertThat(show.code()).isZero();
      Run kept = Run.of("profile", "derive", origin, "--complain", "--deny", "reboot");
      assertThat(kept.err()).doesNotContain("reboot").contains("logged; except what --deny names");
      assertThat(kept.out()).contains("SCMP_ACT_KILL_PROCESS");
      Path one = Files.writeString(temporary.resolve("one"), run.out());
      Run same = Run.of("profile", "derive", one.toString(), "--complain");
      assertThat(same.err()).contains("- LOG -> EPERM  bpf").doesNotContain("but for what");
      Run without = Run.of("profile", "derive", origin, "--complain", "--without-arch", "x86,x32");
      assertThat(without.err())
          .contains(
              "note: programs of x86 and x32 are killed as before: the profile does not list");
    }

    /// Nobody passes by bits that the kernel ignores, and nothing is said twice of one argument.
    @Test
    void narrowArguments() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      Run one = Run.of("profile", "derive", "--from", origin, "--deny", "socket:domain==AF_VSOCK");
      assertThat(one.code()).isZero();
      assertThat(one.err())
          .contains("@@ x86_64", "socket where domain is 40, with any upper 32 bits\n");
      assertThat(one.out().replaceAll("\\s+", " "))
          .contains("\"value\" : 4294967295, \"valueTwo\" : 40, \"op\" : \"SCMP_CMP_MASKED_EQ\"");
      String range = "socket:domain>=10,domain<=20";
      Run some = Run.of("profile", "derive", "--from", origin, "--deny", range);
      assertThat(some.code()).isZero();
      assertThat(some.err()).contains("socket where domain is 10 to 20, with any");
      for (String wrong : new String[] {"socket:domain==0x100000028", "socket:domain&8==40"}) {
        Run refused = Run.of("profile", "derive", "--from", origin, "--deny", wrong);
        assertThat(refused.code()).as(wrong).isEqualTo(2);
        assertThat(refused.err()).contains(" bits ");
      }
    }

    /// libseccomp 2.5.4 makes one of two conditions of this kind, and the wrong one.
    @Test
    void whatLibseccompLosesIsNotWritten() throws IOException {
      String origin =
          profile(
              "o",
              "ALLOW",
              "{'names': ['remap_file_pages'], 'action': 'SCMP_ACT_ERRNO', 'args': [{'index': 0,"
                  + " 'value': 2927656770730171583, 'op': 'SCMP_CMP_LT'}]}");
      assumeTrue(
          Compiler.versionOfThisMachine().orElse("").equals("2.5.4"),
          "libseccomp 2.5.4 is what loses a rule here");
      Run run = Run.of("profile", "derive", "--from", origin, "--deny", "remap_file_pages:arg0<14");
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .contains("error: libseccomp loses rules of the derived profile: remap_file_pages where");
      assertThat(run.out()).isEmpty();
    }

    @Test
    void aFileIsNotReplacedUnasked() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      Path to = Files.writeString(temporary.resolve("to"), "mine");
      Run refused = Run.of("profile", "derive", "--from", origin, "--output-file", to.toString());
      assertThat(refused.code()).isEqualTo(3);
      assertThat(refused.err()).contains("the file exists; use --overwrite to replace it");
      assertThat(to).hasContent("mine");
      assertThat(
              Run.of(
                      "profile",
                      "derive",
                      "--from",
                      origin,
                      "--output-file",
                      to.toString(),
                      "--overwrite")
                  .code())
          .isZero();
      assertThat(Files.readString(to)).contains("mkdir");
      try (var files = Files.list(temporary)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("o", "to");
      }
    }

    @Test
    void whatIsRefused() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      assertThat(Run.of("profile", "derive").code()).isEqualTo(2);
      Run typo = Run.of("profile", "derive", "--from", origin, "--allow", "ptrce");
      assertThat(typo.code()).isEqualTo(2);
      assertThat(typo.err()).contains("did you mean ptrace?");
      assertThat(Run.of("profile", "derive", "--from", origin, "--overwrite").code()).isEqualTo(2);
      assertThat(Run.of("profile", "derive", "--from", temporary + "/none").code()).isEqualTo(3);
    }

    /// From a runtime's default too, where a runtime can be asked.
    @Test
    void whatHasNoText() {
      for (String text : new String[] {"unconfined", "pid:1"}) {
        Run run = Run.of("profile", "derive", "--from", text);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("is not a profile file; give a file, or");
      }
      Run nobody =
          Run.of(
              "profile",
              "derive",
              "--from",
              "runtime/default",
              "--runtime-endpoint",
              "unix://" + temporary + "/none");
      assertThat(nobody.code()).isEqualTo(3);
      assertThat(nobody.err())
          .contains(
              "runtime/default: runtime endpoint unix://",
              "no such socket: start the runtime, or name its socket with --runtime-endpoint")
          .doesNotContain("private");
    }

    @Test
    void whereNoFileCanBe() throws IOException {
      String origin = profile("o", "ALLOW", MKDIR);
      Run directory =
          Run.of("profile", "derive", "--from", origin, "--output-file", temporary.toString());
      assertThat(directory.code()).isEqualTo(3);
      assertThat(directory.err()).contains(temporary + " is a directory; name a file");
      Run overwritten =
          Run.of(
              "profile",
              "derive",
              "--from",
              origin,
              "--output-file",
              "" + temporary,
              "--overwrite");
      assertThat(overwritten.code()).isEqualTo(3);
      assertThat(overwritten.err()).contains(temporary + " is a directory; name a file");
      Run missing =
          Run.of("profile", "derive", "--from", origin, "--output-file", temporary + "/no/file");
      assertThat(missing.code()).isEqualTo(3);
      assertThat(missing.err())
          .contains("/no/file cannot be written: there is no directory " + temporary + "/no");
    }
  }

  @Nested
  class Convert {
    @Test
    void lossesAreNamedAndStrictRefusesThem() throws IOException {
      String rule =
          "{'names': ['personality'], 'action': 'SCMP_ACT_ERRNO',"
              + " 'args': [{'index': 0, 'value': 40, 'op': 'SCMP_CMP_EQ'}]}";
      String file = profile("p", "ALLOW", MKDIR + "," + rule);
      Run lossy = Run.of("profile", "convert", file, "--to", "systemd");
      assertThat(lossy.code()).isZero();
      assertThat(lossy.out())
          .contains("SystemCallFilter=~mkdir:1 personality:1", "SystemCallArchitectures=native");
      assertThat(lossy.err())
          .contains(
              "p:3: personality: the conditions on arguments are lost; denied for all arguments"
                  + " (stricter)");
      Run strict = Run.of("profile", "convert", file, "--to", "systemd", "--strict");
      assertThat(strict.code()).isEqualTo(1);
      assertThat(strict.out()).isEmpty();
      Run lxc = Run.of("profile", "convert", file, "--to", "lxc", "--strict");
      assertThat(lxc.code()).isZero();
      assertThat(lxc.out())
          .isEqualTo("2\ndenylist\n[all]\nmkdir errno 1\npersonality errno 1 [0,40,SCMP_CMP_EQ]\n");
    }

    @Test
    void whatHasNoConditionsAllowsLess() throws IOException {
      String rules =
          "{'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW'},"
              + "{'names': ['write'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}";
      Run appc = Run.of("profile", "convert", profile("p", "ERRNO", rules), "--to", "appc");
      assertThat(appc.out().replaceAll("\\s+", " "))
          .isEqualTo(
              "{ \"name\" : \"os/linux/seccomp-retain-set\","
                  + " \"value\" : { \"set\" : [ \"read\" ], \"errno\" : \"EPERM\" } } ");
      // What systemd puts into every list is taken out again.
      Run nothing = Run.of("profile", "convert", profile("n", "KILL", ""), "--to", "systemd");
      assertThat(nothing.out())
          .endsWith("\nSystemCallFilter=@default\nSystemCallFilter=~@default\n");
      assertThat(nothing.err()).doesNotContain("(weaker)");
    }

    @Test
    void ociAndDockerAreEqual() throws IOException {
      String origin = EXAMPLES + "/browser-sandbox.json";
      for (String form : new String[] {"oci", "docker"}) {
        Path to = temporary.resolve(form);
        Run run =
            Run.of(
                "profile",
                "convert",
                origin,
                "--to",
                form,
                "--strict",
                "--output-file",
                to.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Run.of("profile", "compare", to.toString(), origin).out())
            .contains(" is EQUAL ");
      }
    }

    @Test
    void whatIsRefused() {
      assertThat(Run.of("profile", "convert", "x").err()).contains("--to is missing");
      assertThat(Run.of("profile", "convert", "x", "--to", "systmd").err())
          .contains("did you mean systemd?");
      assertThat(Run.of("profile", "convert", temporary + "/none", "--to", "lxc").code())
          .isEqualTo(3);
    }
  }
}
