package dev.portcullis.seccomp.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionTest {
  private static Conversion of(String json, Format format) {
    Target target = new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of());
    return Conversion.of(Profiles.profile(json), target, format);
  }

  private static String rule(String name, String action) {
    return "{'names':['" + name + "'],'action':'SCMP_ACT_" + action + "'}";
  }

  private static String profile(String byDefault, String... rules) {
    return "{'defaultAction':'SCMP_ACT_"
        + byDefault
        + "','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'],'syscalls':["
        + String.join(",", rules)
        + "]}";
  }

  private static List<String> losses(String json, Format format) {
    return of(json, format).losses().stream().map(Loss::message).toList();
  }

  /// libseccomp refuses a rule that is like the default, and LXC then starts nothing.
  @ParameterizedTest
  @CsvSource({
    "ALLOW, LOG",
    "LOG, ALLOW",
    "KILL_PROCESS, KILL",
    "KILL, KILL_PROCESS",
  })
  void whatBecomesTheDefaultIsNoLineForLxc(String byDefault, String action) {
    String json = profile(byDefault, rule("mkdir", action), rule("rmdir", "TRAP"));
    assertThat(of(json, Format.LXC).text())
        .endsWith("\n[all]\nrmdir trap\n")
        .doesNotContain("mkdir");
    assertThat(losses(json, Format.LXC)).isNotEmpty();
  }

  /// Where the kernel would do another thing than the form, it is said, whatever the thing is.
  @ParameterizedTest
  @CsvSource({
    "SYSTEMD, ERRNO, TRACE, 'mkdir: SCMP_ACT_TRACE is lost: no process is asked, and the call fails"
        + " with ENOSYS'",
    "LXC, ERRNO, TRACE, 'mkdir: SCMP_ACT_TRACE is lost: no process is asked, and the call fails"
        + " with ENOSYS'",
    "APPC, ALLOW, NOTIFY, 'mkdir: SCMP_ACT_NOTIFY is lost: no process is asked, and the call fails"
        + " with ENOSYS'",
    "LXC, NOTIFY, ALLOW, 'the default: SCMP_ACT_NOTIFY is lost: no process is asked, and the call"
        + " fails with ENOSYS'",
    "LXC, ALLOW, LOG, mkdir: nothing is logged",
    "SYSTEMD, ALLOW, TRAP, 'mkdir: SCMP_ACT_TRAP kills the process'",
    "SYSTEMD, ALLOW, KILL, 'mkdir: SCMP_ACT_KILL kills the process'",
    "APPC, ALLOW, LOG, mkdir: nothing is logged",
    "APPC, LOG, ERRNO, 'SCMP_ACT_LOG as the default action: nothing is logged'",
    "APPC, ERRNO, TRAP, 'mkdir: denied with the same action as all other calls, not with its own'",
    "APPC, KILL, ERRNO, 'mkdir: denied with the same action as all other calls, not with its own'",
  })
  void everyLossIsNamed(Format format, String byDefault, String action, String loss) {
    assertThat(losses(profile(byDefault, rule("mkdir", action)), format)).contains(loss);
  }

  @Test
  void oneErrnoForAllIsSaidOfEachThatHasAnother() {
    String json =
        profile(
            "ALLOW",
            rule("mkdir", "ERRNO"),
            "{'names':['rmdir'],'action':'SCMP_ACT_ERRNO','errnoRet':5}",
            rule("chmod", "ERRNO"));
    assertThat(losses(json, Format.APPC))
        .contains("rmdir: denied with the same action as all other calls, not with its own")
        .noneMatch(loss -> loss.startsWith("mkdir") || loss.startsWith("chmod"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SYSTEMD", "LXC", "APPC"})
  void flagsAreNamed(Format format) {
    String json =
        "{'defaultAction':'SCMP_ACT_ALLOW','flags':['SECCOMP_FILTER_FLAG_SPEC_ALLOW'],"
            + "'syscalls':[]}";
    assertThat(losses(json, format)).contains("flags: SECCOMP_FILTER_FLAG_SPEC_ALLOW");
    assertThat(losses(json, Format.OCI)).isEmpty();
  }

  @Test
  void appcHasNoArchitecturesWhicheverThereAre() {
    assertThat(losses("{'defaultAction':'SCMP_ACT_ALLOW'}", Format.APPC))
        .containsExactly(
            "architectures: the specification does not have them; the runtime decides");
  }

  /// As the filter does: libseccomp keeps the first of two rules that contradict each other.
  @Test
  void ofTwoDenialsTheFirstCounts() {
    String json =
        profile(
            "ALLOW",
            "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':5}",
            rule("mkdir", "KILL_PROCESS"));
    assertThat(of(json, Format.SYSTEMD).text()).endsWith("\nSystemCallFilter=~mkdir:5\n");
  }

  private static String unit(String json) {
    return of(json, Format.SYSTEMD).text();
  }

  private static String socket(String action, String operator, int value) {
    return "{'names':['socket'],'action':'SCMP_ACT_"
        + action
        + "','errnoRet':97,'args':[{'index':0,'op':'SCMP_CMP_"
        + operator
        + "','value':"
        + value
        + "}]}";
  }

  /// What systemd puts into every list, of whatever version, is taken out before the profile's own.
  @Test
  void systemdAddsNothingByItself() {
    String json =
        profile(
            "ERRNO",
            rule("read','execve", "ALLOW"),
            "{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38}",
            rule("mkdir", "ERRNO"));
    assertThat(unit(json))
        .endsWith(
            """
            SystemCallErrorNumber=1
            SystemCallFilter=
            SystemCallFilter=@default
            SystemCallFilter=~@default
            SystemCallFilter=execve read
            SystemCallFilter=~clone3:38
            """);
    assertThat(losses(json, Format.SYSTEMD)).isEmpty();
  }

  /// libseccomp refuses a rule that is like the default, and systemd then starts nothing.
  @ParameterizedTest
  @CsvSource({"KILL_PROCESS, TRAP", "KILL, KILL_PROCESS", "TRACE, NOTIFY", "ERRNO, ERRNO"})
  void whatIsLikeTheDefaultIsNoLine(String byDefault, String action) {
    assertThat(unit(profile(byDefault, rule("execve", "ALLOW"), rule("mkdir", action))))
        .endsWith("SystemCallFilter=execve\n")
        .doesNotContain("mkdir");
  }

  @Test
  void whatTheUnitSaidBeforeIsTakenBack() {
    assertThat(unit(profile("ALLOW", rule("mkdir", "ERRNO"))))
        .isEqualTo(
            """
            # Made by portcullis profile convert, for systemd 248 and later.
            [Service]
            SystemCallArchitectures=
            SystemCallArchitectures=native x86-64 x86 x32
            SystemCallFilter=
            SystemCallFilter=~mkdir:1
            """);
  }

  @Test
  void whatIsLoggedIsLogged() {
    assertThat(unit(profile("ALLOW", rule("bpf", "LOG"))))
        .endsWith("SystemCallLog=\nSystemCallLog=bpf\n");
    assertThat(unit(profile("ERRNO", rule("bpf", "LOG"), rule("read", "ALLOW"))))
        .contains("\nSystemCallFilter=bpf read\n")
        .endsWith("SystemCallLog=\nSystemCallLog=bpf\n");
    assertThat(unit(profile("LOG", rule("read", "ALLOW"), rule("mkdir", "ERRNO"))))
        .contains("\nSystemCallFilter=~mkdir:1\n")
        .endsWith("SystemCallLog=\nSystemCallLog=~mkdir read\n");
    assertThat(unit(profile("LOG"))).endsWith("SystemCallLog=\nSystemCallLog=@known\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALLOW | ERRNO EQ 40, ERRNO EQ 38 | ~AF_ALG AF_VSOCK",
        "ERRNO | ALLOW NE 40 | ~AF_VSOCK",
        "ERRNO | ALLOW LT 38, ALLOW EQ 39, ALLOW GT 40 | ~AF_ALG AF_VSOCK",
        "ERRNO | ALLOW EQ 1, ALLOW EQ 2 | AF_UNIX AF_INET",
        "ALLOW | ERRNO GT 2 | AF_UNIX AF_INET",
        "ALLOW | ERRNO NE 1 | AF_UNIX",
        "ALLOW | ERRNO GE 0 | none",
      })
  void familiesOfSockets(String byDefault, String rules, String families) {
    List<String> list =
        Arrays.stream(rules.split(", ", -1))
            .map(each -> each.split(" ", -1))
            .map(each -> socket(each[0], each[1], Integer.parseInt(each[2])))
            .toList();
    String json = profile(byDefault, list.toArray(String[]::new)).replace("'SCMP_ARCH_X86',", "");
    assertThat(unit(json)).endsWith("\nRestrictAddressFamilies=" + families + "\n");
    assertThat(unit(json).lines().filter(line -> line.startsWith("SystemCallFilter=~socket")))
        .isEmpty();
  }

  private static String clone(String action) {
    return "{'names':['clone'],'action':'SCMP_ACT_"
        + action
        + "','args':[{'index':0,'value':268435456,'op':'SCMP_CMP_MASKED_EQ'}]}";
  }

  @Test
  void namespacesOfClone() {
    assertThat(unit(profile("ERRNO", clone("ALLOW"))))
        .contains("\nSystemCallFilter=clone\n")
        .endsWith("\nRestrictNamespaces=~user\n");
    assertThat(unit(profile("ALLOW", clone("ALLOW")))).doesNotContain("RestrictNamespaces");
  }

  /// Also where the denial is in the end like that of all others, and no line of its own.
  @ParameterizedTest
  @CsvSource({"KILL_PROCESS, KILL", "ERRNO, ERRNO", "ERRNO, KILL"})
  void whatIsAlsoDeniedIsNotAllowed(String byDefault, String action) {
    assertThat(unit(profile(byDefault, clone("ALLOW"), rule("clone", action))))
        .doesNotContain("SystemCallFilter=clone");
    assertThat(unit(profile(byDefault, rule("mkdir", "ALLOW"), rule("mkdir", action))))
        .doesNotContain("SystemCallFilter=mkdir");
  }

  /// A mask, a rule about other arguments, and a family without a name are more than systemd says.
  @Test
  void whatSystemdCannotSayOfSocketsIsDenied() {
    String masked =
        "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':4294967295,"
            + "'valueTwo':40,'op':'SCMP_CMP_MASKED_EQ'}]}";
    assertThat(unit(profile("ALLOW", masked)))
        .contains("\nRestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX AF_INET ")
        .doesNotContain("AF_VSOCK", "~socket");
    String raw =
        "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':["
            + "{'index':1,'value':3,'op':'SCMP_CMP_EQ'}]}";
    assertThat(unit(profile("ALLOW", raw, socket("ERRNO", "EQ", 40))))
        .contains("\nSystemCallFilter=~socket:1\n")
        .doesNotContain("RestrictAddressFamilies");
  }

  /// On x86 sockets are made by socketcall, whose arguments no filter sees.
  @Test
  void whereFamiliesAreNotRestrictedNoProgramRuns() {
    String json = profile("ALLOW", socket("ERRNO", "EQ", 40));
    assertThat(unit(json)).contains("\nSystemCallArchitectures=native x86-64 x32\n");
    assertThat(of(json, Format.SYSTEMD).losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.effect()).isEqualTo(Loss.Effect.STRICTER);
          assertThat(loss.message()).startsWith("SCMP_ARCH_X86: its programs cannot run");
        });
    Target target = new Target(Architecture.S390X, new KernelVersion(6, 1), Set.of());
    assertThat(Conversion.of(Profiles.profile(json), target, Format.SYSTEMD).text())
        .contains("\nSystemCallFilter=~socket:97\n")
        .doesNotContain("RestrictAddressFamilies");
  }

  @Test
  void anotherErrnoForFamiliesIsSaid() {
    assertThat(losses(profile("ALLOW", socket("ERRNO", "EQ", 40)), Format.SYSTEMD))
        .noneMatch(loss -> loss.contains("EAFNOSUPPORT"));
    assertThat(losses(profile("ERRNO", socket("ALLOW", "NE", 40)), Format.SYSTEMD))
        .contains(
            "socket: RestrictAddressFamilies= denies with EAFNOSUPPORT (97), the profile in another"
                + " way");
  }

  /// Text that is no name means something else in these forms: a set, another setting.
  @ParameterizedTest
  @EnumSource(names = {"SYSTEMD", "LXC", "APPC"})
  void whatIsNoNameIsLeftOut(Format format) {
    String json =
        profile("ERRNO", rule("read','@known','a b','mkdir\\nExecStart=/bin/sh','x:1", "ALLOW"));
    Conversion conversion = of(json, format);
    assertThat(conversion.text())
        .contains("read")
        .doesNotContain("@known", "a b", "ExecStart", "mkdir", "x:1");
    assertThat(conversion.losses())
        .extracting(Loss::message)
        .contains("\"@known\" is not the name of a system call; left out");
  }
}
