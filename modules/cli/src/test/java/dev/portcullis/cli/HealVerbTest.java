package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis profile heal`, with the filters of this machine's libseccomp.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HealVerbTest {
  @TempDir Path temporary;

  private String profile() throws IOException {
    return file(
        "web.json",
        """
        {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
         "syscalls": [
          {"names": ["read", "write", "mkdir"], "action": "SCMP_ACT_ALLOW"},
          {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
           "args": [{"index": 0, "value": 4294967295, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]},
          {"names": ["bpf"], "action": "SCMP_ACT_KILL_PROCESS"},
          {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
        """);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(temporary.resolve(name), text).toString();
  }

  private static String denial(String call, String result, String more) {
    return "{\"container\": {\"namespace\": \"shop\", \"pod\": \"web-0\", \"name\": \"app\"},"
        + " \"syscall\": \""
        + call
        + "\", \"architecture\": \"x86_64\", \"result\": {"
        + result
        + "}, \"count\": 3, \"firstSeen\": \"x\", \"lastSeen\": \"y\""
        + more
        + "}";
  }

  private static String document(String... denials) {
    return "{\"apiVersion\": \"portcullis.dev/v1alpha1\", \"denials\": ["
        + String.join(", ", denials)
        + "], \"lost\": 0, \"undecided\": 0, \"omitted\": 0}";
  }

  private static final String EPERM = "\"action\": \"errno\", \"errno\": \"EPERM\"";

  private String denials() throws IOException {
    return file(
        "denials.json",
        document(
            denial("chmod", EPERM, ""),
            denial("chmod", EPERM, ""),
            denial("ptrace", EPERM, ""),
            denial("socket", EPERM, ", \"arguments\": [\"0x2\", \"0x80801\", \"0\"]"),
            denial("clone3", "\"action\": \"errno\", \"errno\": \"ENOSYS\"", ""),
            denial("mkdir", EPERM, ""),
            denial("rmdir", "\"action\": \"errno\", \"errno\": \"EACCES\"", "")));
  }

  @Test
  void whatWasRefusedIsShownAndNothingIsWritten() throws IOException {
    Run run = Run.of("profile", "heal", profile(), "--denials", denials());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("web.json refuses:")
        .contains("chmod: EPERM, 6 times, in shop/web-0 app")
        .contains("least change: chmod\n")
        .contains("least change: socket:domain==2,type&0xf==1,protocol==0\n")
        .containsPattern("ptrace: EPERM(.*\n)+? +warning: a program can then use: ptrace")
        .containsPattern("clone3: ENOSYS(.*\n)+? +warning: ENOSYS lets the call seem to be absent")
        .containsPattern("mkdir on x86_64: denied with EPERM, and this profile's answer is ALLOW")
        .containsPattern("rmdir on x86_64: denied with EACCES, and this profile's answer is EPERM");
    try (var files = Files.list(temporary)) {
      assertThat(files).hasSize(2);
    }
  }

  /// A new version, with a name by its content, that allows what was chosen and nothing else.
  @Test
  void whatIsChosenIsWritten() throws IOException {
    Path to = Files.createDirectory(temporary.resolve("to"));
    String web = profile();
    Run run =
        Run.of(
            "profile",
            "heal",
            web,
            "--denials",
            denials(),
            "--yes",
            "--output-file",
            to.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("the healed profile is WEAKER than " + web)
        .contains("ptrace is left out because of the warning", "clone3 is left out")
        .contains("proven for each OCI runtime: only what is chosen is allowed that was not")
        .containsPattern("- ALLOW -> EPERM +chmod\n")
        .doesNotContainPattern("EPERM +ptrace");
    List<Path> files;
    try (var all = Files.list(to)) {
      files = all.toList();
    }
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().getFileName().toString()).matches("web-[0-9a-f]{12}\\.json");
    Run again = Run.of("profile", "heal", files.getFirst().toString(), "--denials", denials());
    assertThat(again.out()).doesNotContain("--allow chmod", "--allow 'socket").contains("ptrace");
    Run named =
        Run.of(
            "profile",
            "heal",
            web,
            "--denials",
            denials(),
            "--allow",
            "ptrace",
            "--output-file",
            temporary.resolve("new.json").toString());
    assertThat(named.code()).as(named.err()).isZero();
    assertThat(named.err()).containsPattern("- ALLOW -> EPERM +ptrace\n").doesNotContain("chmod");
  }

  private Run healed(String profile, String... denials) throws IOException {
    return Run.of(
        "profile",
        "heal",
        profile,
        "--denials",
        file("denials.json", document(denials)),
        "--yes",
        "--output-file",
        temporary.resolve("healed.json").toString());
  }

  private static String ofX86(String denial) {
    return denial.replace("x86_64", "x86");
  }

  /// What was allowed before in part is a warning when more of it would be.
  @Test
  void moreOfTheSameIsAWarning() throws IOException {
    String some =
        file(
            "some.json",
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
             "syscalls": [
              {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]},
              {"names": ["unshare"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 268435456, "op": "SCMP_CMP_EQ"}]}]}
            """);
    Run run =
        healed(
            some,
            denial("ptrace", EPERM, ", \"arguments\": [\"0x10\"]"),
            denial("unshare", EPERM, ", \"arguments\": [\"0x30000000\"]"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a program can then use: more of ptrace")
        .contains("a program can then use: more of new user namespaces");
    assertThat(run.err()).contains("ptrace is left out", "unshare is left out");
    assertThat(temporary.resolve("healed.json")).doesNotExist();
  }

  /// An allowed call is allowed on all architectures of the profile, and some have other calls.
  @Test
  void callsOfAnotherArchitectureHaveWarnings() throws IOException {
    String web =
        file(
            "web32.json",
            """
            {"defaultAction": "SCMP_ACT_ERRNO",
             "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
             "syscalls": [
              {"names": ["read", "landlock_restrict_self"], "action": "SCMP_ACT_ALLOW"}]}
            """);
    for (String[] each :
        new String[][] {
          {"socketcall", "raw sockets on x86"},
          {"umount", "umount on x86"},
          {"vm86", "16-bit code \\(modify_ldt, vm86\\) on x86"},
          {"modify_ldt", "16-bit code \\(modify_ldt, vm86\\)"},
          {"stime", "setting the clock on x86"},
        }) {
      Run run = healed(web, ofX86(denial(each[0], EPERM, "")), denial("chmod", EPERM, ""));
      assertThat(run.code()).as(each[0]).isZero();
      assertThat(run.out()).containsPattern(each[0] + ": EPERM(.*\n)+? +warning: .*" + each[1]);
      assertThat(run.err()).contains(each[0] + " is left out");
      assertThat(Files.readString(temporary.resolve("healed.json"))).doesNotContain(each[0]);
      Files.delete(temporary.resolve("healed.json"));
    }
    // libseccomp allows socketcall with socket where no condition is in the way.
    Run run = healed(web, denial("setsockopt", EPERM, ""), denial("socket", EPERM, ""));
    assertThat(run.out()).containsPattern("socket: EPERM(.*\n)+? +warning: .*raw sockets");
    assertThat(run.err()).contains("socket is left out").doesNotContain("setsockopt is left out");
  }

  /// Nor what somebody refused by name, or has another process decide about.
  @Test
  void whatWasMeantToBeRefusedIsAWarning() throws IOException {
    String meant =
        file(
            "meant.json",
            """
            {"defaultAction": "SCMP_ACT_ERRNO",
             "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_ARM"],
             "listenerPath": "/run/listener.sock",
             "syscalls": [
              {"names": ["read", "landlock_restrict_self"], "action": "SCMP_ACT_ALLOW"},
              {"names": ["chown"], "action": "SCMP_ACT_KILL_PROCESS"},
              {"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}
            """);
    Run run =
        healed(
            meant,
            denial("chown", "\"action\": \"kill_process\"", ""),
            denial("mkdir", "\"action\": \"notify\"", ""),
            denial("pciconfig_read", EPERM, "").replace("x86_64", "arm"),
            denial("chmod", EPERM, ""));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().replaceAll("\\s+", " "))
        .containsPattern("chown: KILL_PROCESS.*warning: a rule of the profile refuses the call")
        .containsPattern("mkdir: .*warning: another process decides about the call now")
        .containsPattern(
            "pciconfig_read: .*warning: only programs of other machines make this call");
    assertThat(run.err())
        .contains("chown is left out", "mkdir is left out", "pciconfig_read is left out")
        .doesNotContain("chmod is left out");
  }

  /// Else `--yes` would take away the log of it.
  @Test
  void whatTheProfileItselfLogsIsNotRefused() throws IOException {
    String logs =
        file("logs.json", Files.readString(Path.of(profile())).replace("KILL_PROCESS", "LOG"));
    Run run =
        healed(
            logs,
            denial("bpf", "\"action\": \"log\"", ""),
            denial("chmod", "\"action\": \"log\"", ""));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("chmod: EPERM")
        .contains("bpf on x86_64: logged, and this profile's answer is LOG: it goes on");
    assertThat(Files.readString(temporary.resolve("healed.json"))).contains("SCMP_ACT_LOG");
  }

  /// Anyone who makes a pod chooses what is refused to it, and another may have another profile.
  @Test
  void denialsOfSeveralWorkloadsAreAWarning() throws IOException {
    String chmod = denial("chmod", EPERM, "");
    String other = denial("chown", EPERM, "");
    for (String[] each :
        new String[][] {
          {"web-6d4cf56db6-xk2zp", "shop\", \"pod\": \"web-6d4cf56db6-9b7dl"},
          {"web-6d4cf56db6-xk2zp", "shop\", \"pod\": \"web-cc78d9f5b-xk2zp"},
          {"web-xk2zp", "shop\", \"pod\": \"web-9b7dl"},
          {"backup-28394820-xk2zp", "shop\", \"pod\": \"backup-28394880-9b7dl"},
          {"web-0", "shop\", \"pod\": \"web-1"},
          {"web-xk2zp", "shop\", \"pod\": \"web"},
        }) {
      Run run =
          healed(
              profile(),
              chmod.replace("web-0", each[0]),
              other.replace("shop\", \"pod\": \"web-0", each[1]));
      assertThat(run.err()).as(each[1]).doesNotContain("left out");
      assertThat(Files.readString(temporary.resolve("healed.json"))).contains("chmod", "chown");
      Files.delete(temporary.resolve("healed.json"));
    }
    for (String foreign : List.of("evil\", \"pod\": \"web-0", "shop\", \"pod\": \"web-db-0")) {
      Run run =
          healed(
              profile(),
              chmod.replace("web-0", "web-6d4cf56db6-xk2zp"),
              other.replace("shop\", \"pod\": \"web-0", foreign));
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out().replaceAll("\\s+", " "))
          .contains("warning: the denials are of several workloads or containers (shop/web app, ");
      assertThat(run.err()).contains("chmod is left out", "chown is left out");
      assertThat(temporary.resolve("healed.json")).doesNotExist();
    }
    // What does not come from the profile is in nobody's way.
    Run run = healed(profile(), chmod, other.replace("shop", "evil").replace("EPERM", "EACCES"));
    assertThat(run.err()).doesNotContain("left out");
  }

  /// Those of a pod's containers may have different profiles.
  @Test
  void denialsOfSeveralContainersAreAWarning() throws IOException {
    Run run =
        healed(
            profile(),
            denial("chmod", EPERM, ""),
            denial("chown", EPERM, "").replace("\"app\"", "\"proxy\""));
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "warning: the denials are of several workloads or containers (shop/web app, shop/web"
                + " proxy)");
    assertThat(run.err()).contains("chmod is left out", "chown is left out");
    assertThat(temporary.resolve("healed.json")).doesNotExist();
  }

  /// `--yes` takes nothing that the default of a runtime refuses.
  @Test
  void whatTheRuntimesDefaultRefusesIsAWarning() throws IOException {
    Run run =
        healed(
            profile(),
            denial("acct", EPERM, ""),
            denial("clone", EPERM, ", \"arguments\": [\"0x20000\"]"),
            denial("chmod", EPERM, ""));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "acct: EPERM(.*\n)+? +warning: containerd/default@[0-9.]+ refuses it, too");
    assertThat(run.err())
        .contains("acct is left out", "clone is left out")
        .doesNotContain("chmod is left out");
  }

  /// What a file says it does not list may be what the program fails for.
  @Test
  void whatIsNotListedIsSaid() throws IOException {
    String text =
        document(denial("chmod", EPERM, ""))
            .replace("\"undecided\": 0", "\"undecided\": 2")
            .replace("\"omitted\": 0", "\"omitted\": 3, \"remarks\": [1, 2, 3, 4]");
    Run run = Run.of("profile", "heal", profile(), "--denials", file("denials.json", text));
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("(9)");
  }

  /// More than a profile may have: an hour of a log.
  @Test
  void aLogMayBeLarge() throws IOException {
    String other = "kernel: something else that is of no interest here\n".repeat(60_000);
    String denial = "audit: type=1326 audit(1:1): pid=1 arch=c000003e syscall=90 code=0x50000\n";
    Run run = Run.of("profile", "heal", profile(), "--denials", file("log", other + denial));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("chmod: EPERM, 1 time");
    run = Run.of("profile", "heal", profile(), "--denials", file("huge", other.repeat(3) + denial));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("larger than 8388608 bytes; no file of denials is");
  }

  @Test
  void aBuiltInDefaultIsNoFileOfDenials() throws IOException {
    Run run = Run.of("profile", "heal", profile(), "--denials", "containerd/default");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("containerd/default");
  }

  /// A program chooses its name and its path, and both stand before the number of the call.
  @Test
  void aProgramCannotNameAnotherCallInARecord() throws IOException {
    String lines =
        """
        audit: type=1326 audit(1764448630.164:12): pid=17 comm="syscall=165" exe="/code=0x0" sig=0 arch=c000003e syscall=90 compat=0 ip=0x7f code=0x7ffc0000
        app[7]: "type=1326 audit(1:1): pid=7 arch=c000003e syscall=165 code=0x50000"
        """;
    Run run = Run.of("profile", "heal", profile(), "--denials", file("log", lines));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("chmod: EPERM, 1 time, in syscall=165 (pid 17)")
        .doesNotContain("mount");
  }

  /// The kernel's own records, of a complaining copy and of a kill.
  @Test
  void auditRecords() throws IOException {
    String lines =
        """
        Nov 29 20:37:10 node kernel: audit: type=1326 audit(1764448630.164:12): auid=4294967295 uid=0 gid=0 ses=4294967295 pid=17762 comm="chmod" exe="/bin/busybox" sig=0 arch=c000003e syscall=90 compat=0 ip=0x7f code=0x7ffc0000
        Nov 29 20:37:10 node kernel: something else
        type=SECCOMP msg=audit(1764448630.164:13): auid=0 uid=0 gid=0 ses=1 pid=7 comm=6120FF exe="/x" sig=31 arch=c000003e syscall=321 compat=0 ip=0x7f code=0x80000000
        type=1326 audit(1764448630.164:14): pid=8 comm="t32" sig=31 arch=40000003 syscall=20 compat=1 ip=0x7f code=0x0
        """;
    Run run = Run.of("profile", "heal", profile(), "--denials", file("log", lines));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("chmod: EPERM, 1 time, in chmod (pid 17762)")
        .contains("bpf: KILL_PROCESS, 1 time, in ? (pid 7)")
        .contains("getpid on x86: the profile does not list the architecture");
  }

  @Test
  void whatIsRefused() throws IOException {
    String web = profile();
    String good = denials();
    for (String[] wrong :
        new String[][] {
          {"no denials: neither", "hello\n"},
          {"no denials: portcullis denials -o json", "{}"},
          {
            "more than 100000 denials",
            document(denial("chmod", EPERM, "")).replace("[", "[" + "{},".repeat(100_001))
          },
          {"no system call", document(denial("\\u001b[31m", EPERM, ""))},
          {"no system call", document(denial("99999999999", EPERM, ""))},
          {"no architecture", document(denial("chmod", EPERM, "").replace("x86_64", "z80"))},
          {"no errno", document(denial("chmod", EPERM.replace("EPERM", "9999999999"), ""))},
          {
            "needs a whole number `count`",
            document(denial("chmod", EPERM, "").replace(": 3,", ": 1e99,"))
          },
          {"at most six", document(denial("chmod", EPERM, ", \"arguments\": [1,2,3,4,5,6,7]"))},
          {
            "an argument is digits",
            document(denial("chmod", EPERM, ", \"arguments\": [\"0x11112222333344445\"]"))
          },
        }) {
      Run run = Run.of("profile", "heal", web, "--denials", file("wrong", wrong[1]));
      assertThat(run.code()).as(wrong[0]).isEqualTo(1);
      assertThat(run.err()).contains("error: ", wrong[0]).doesNotContain("\u001b");
    }
    assertThat(Run.of("profile", "heal", web).err()).contains("--denials FILE");
    assertThat(Run.of("profile", "heal", web, "--denials", good, "--yes").err())
        .contains("--yes and --allow choose what is written to --output-file");
    assertThat(Run.of("profile", "heal", web, "--denials", good, "--output-file", "x").err())
        .contains("--output-file writes what is chosen");
    Run unknown =
        Run.of(
            "profile",
            "heal",
            web,
            "--denials",
            good,
            "--allow",
            "reboot",
            "--output-file",
            temporary.resolve("n").toString());
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("--allow reboot: the profile refused no such call");
  }

  /// Of a damaged record nothing may be made that another call is.
  @Test
  void aNumberThatIsNoCallIsAnError() throws IOException {
    String record = "audit: type=1326 audit(1:1): pid=1 arch=c000003e code=0x50000 syscall=";
    for (String number : new String[] {"4294967386", "99999999999"}) {
      String lines = record + "90\n" + record + number + "\n";
      Run run = Run.of("profile", "heal", profile(), "--denials", file("log", lines));
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("log:2: no system call", number);
    }
  }

  /// Anyone who writes a log may write any count.
  @Test
  void largeCountsDoNotOverflow() throws IOException {
    String[] many = new String[10_000];
    Arrays.fill(many, denial("chmod", EPERM, "").replace(": 3,", ": 999999999999999,"));
    Run run = Run.of("profile", "heal", profile(), "--denials", file("d", document(many)));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("chmod: EPERM, 9223372036854775807 times");
  }

  /// The filter is asked once for all records of one kind, or a log of a busy hour would take more
  /// steps than a question may.
  @Test
  void aLogOfOneCallIsOneQuestion() throws IOException {
    String record = "type=1326 pid=7 arch=c000003e syscall=41 code=0x50000\n";
    Run run =
        Run.of(
            "profile", "heal", "docker/default", "--denials", file("log", record.repeat(90_000)));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("90000 times");
  }

  @Test
  void theLimitIsThatOfAllFiles() throws IOException {
    String record = "type=1326 arch=c000003e syscall=90 code=0x50000\n";
    String one = file("one", record.repeat(60_000));
    Run run = Run.of("profile", "heal", profile(), "--denials", one, "--denials", one);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("with the files before it more than 100000 denials");
  }

  /// Many kinds of one call are one change, for all arguments, and are soon told.
  @Test
  void manyKinds() throws IOException {
    String[] many = new String[2000];
    for (int i = 0; i < many.length; i++) {
      many[i] = denial("socket", EPERM, ", \"arguments\": [\"" + (i + 2) + "\", \"1\", \"0\"]");
    }
    Run run =
        Run.of(
            "profile",
            "heal",
            profile(),
            "--denials",
            file("many", document(many)),
            "--yes",
            "--output-file",
            temporary.resolve("n").toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("socket: EPERM, 6000 times", "least change: socket\n");
  }
}
