package dev.portcullis.seccomp.heal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Filters that allow more than what was chosen.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class HealCheckTest {
  private static final Filters BEFORE = filters("");
  private static final String NETLINK = "{'index':0,'value':16,'op':'SCMP_CMP_EQ'}";
  private static final List<ProfileEdit> ALL =
      List.of(new ProfileEdit("socket", true, List.of("socket"), List.of()));
  private static final List<ProfileEdit> SOME =
      List.of(
          new ProfileEdit(
              "socket:domain==16",
              true,
              List.of("socket"),
              List.of(new ArgumentCondition(0, 16, 0, Operator.EQ))));

  private static Filters filters(String rules) {
    String profile =
        "{'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],"
            + "'syscalls':[{'names':['read'],'action':'SCMP_ACT_ALLOW'}"
            + rules
            + "]}";
    return switch (Compiler.inThisProcess()
        .compile(Profiles.resolved(Profiles.profile(profile)), Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new AssertionError(other);
    };
  }

  private static Filters allowing(String name, String conditions) {
    return filters(
        ",{'names':['" + name + "'],'action':'SCMP_ACT_ALLOW','args':[" + conditions + "]}");
  }

  private static List<Difference> beyond(Filters healed, List<ProfileEdit> chosen) {
    return beyond(healed, BEFORE, chosen);
  }

  private static List<Difference> beyond(Filters healed, Filters origin, List<ProfileEdit> chosen) {
    return switch (HealCheck.beyond(healed, origin, chosen, SyscallTable.ofThisMachine())) {
      case Analysis.Understood(List<Difference> found) -> found;
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void whatIsChosenIsNotBeyond() {
    assertThat(beyond(BEFORE, SOME)).isEmpty();
    assertThat(beyond(allowing("socket", ""), ALL)).isEmpty();
    assertThat(beyond(allowing("socket", NETLINK), SOME)).isEmpty();
    assertThat(beyond(allowing("socket", NETLINK), ALL)).isEmpty();
  }

  @Test
  void otherArgumentsOfTheSameCallAre() {
    assertThat(beyond(allowing("socket", ""), SOME))
        .isNotEmpty()
        .allMatch(each -> each.direction() == Direction.WEAKER)
        .allMatch(each -> each.names().equals(List.of("socket")))
        .noneMatch(each -> each.witness().arguments().getFirst().intValue() == 16);
  }

  @Test
  void otherCallsAre() {
    assertThat(beyond(allowing("mkdir", ""), ALL))
        .extracting(Difference::names)
        .containsOnly(List.of("mkdir"));
  }

  /// What was allowed, and is refused now.
  @Test
  void lostCallsAre() {
    assertThat(beyond(BEFORE, allowing("socket", ""), ALL))
        .isNotEmpty()
        .allMatch(each -> each.direction() == Direction.STRICTER);
  }
}
