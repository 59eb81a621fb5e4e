package dev.portcullis.seccomp.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
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
    "ERRNO, TRACE",
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
    "SYSTEMD, ALLOW, LOG, mkdir: nothing is logged",
    "SYSTEMD, LOG, ERRNO, 'SCMP_ACT_LOG as default: nothing is logged'",
    "SYSTEMD, ERRNO, LOG, mkdir: nothing is logged",
    "SYSTEMD, ALLOW, TRAP, 'mkdir: SCMP_ACT_TRAP kills the process'",
    "SYSTEMD, ALLOW, KILL, 'mkdir: SCMP_ACT_KILL kills the process'",
    "APPC, ALLOW, LOG, mkdir: nothing is logged",
    "APPC, LOG, ERRNO, 'SCMP_ACT_LOG as default: nothing is logged'",
    "APPC, ERRNO, TRAP, 'mkdir: denied as all others are, not by an action of its own'",
    "APPC, KILL, ERRNO, 'mkdir: denied as all others are, not by an action of its own'",
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
        .contains("rmdir: denied as all others are, not by an action of its own")
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
        .containsExactly("architectures: the specification has none; the runtime decides");
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
}
