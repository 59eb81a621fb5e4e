package dev.portcullis.seccomp.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LintTest {
  private static final String MOST =
      "'execve','exit_group','brk','mmap','mprotect','rt_sigreturn','read','close','openat',"
          + "'futex','fstatfs','getdents64'";
  private static final String ALL = MOST + ",'write'";

  private static String rule(String action, String names, String more) {
    return "{'names':[" + names + "],'action':'SCMP_ACT_" + action + "'" + more + "}";
  }

  private static String rule(String action, String names) {
    return rule(action, names, "");
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void finds(String defaultAction, String rules, List<Problem> problems) {
    assertThat(Lint.check(Profiles.with(defaultAction, rules)))
        .extracting(Finding::problem)
        .containsExactlyElementsOf(problems);
  }

  static Stream<Arguments> profiles() {
    String condition = ",'args':[{'index':0,'value':1,'op':'SCMP_CMP_EQ'}]";
    String drop = ",'args':[{'index':0,'value':24,'op':'SCMP_CMP_EQ'}]";
    String zero = ",'errnoRet':0";
    String old = ",'errnoRet':22";
    return Stream.of(
        arguments("ALLOW", rule("ERRNO", "'mkdir'"), List.of()),
        arguments("ERRNO", rule("ALLOW", ALL), List.of()),
        arguments("ALLOW", "", List.of(Problem.FORBIDS_NOTHING)),
        arguments("LOG", "", List.of(Problem.FORBIDS_NOTHING)),
        arguments("LOG", rule("ALLOW", "'a'"), List.of(Problem.FORBIDS_NOTHING)),
        arguments("LOG", rule("KILL", "'a'"), List.of()),
        arguments(
            "ALLOW",
            rule("ALLOW", "'a'"),
            List.of(Problem.FORBIDS_NOTHING, Problem.RULE_LIKE_DEFAULT)),
        arguments("ERRNO", "", List.of(Problem.DENIES_EVERYTHING)),
        arguments("KILL_PROCESS", rule("ERRNO", "'a'"), List.of(Problem.DENIES_EVERYTHING)),
        arguments("ERRNO", rule("ALLOW", MOST), List.of(Problem.DENIES_ESSENTIALS)),
        arguments("ALLOW", rule("TRAP", "'execve'"), List.of(Problem.DENIES_ESSENTIALS)),
        arguments("ALLOW", rule("TRAP", "'execve'", condition), List.of()),
        arguments("ERRNO", rule("ALLOW", ALL, condition), List.of()),
        arguments(
            "KILL",
            rule("KILL_THREAD", "'a'") + "," + rule("ALLOW", ALL),
            List.of(Problem.RULE_LIKE_DEFAULT)),
        arguments(
            "ERRNO",
            rule("ERRNO", "'a'", ",'errnoRet':1") + "," + rule("ALLOW", ALL),
            List.of(Problem.RULE_LIKE_DEFAULT)),
        arguments(
            "ERRNO", rule("ERRNO", "'a'", ",'errnoRet':2") + "," + rule("ALLOW", ALL), List.of()),
        arguments("ALLOW", rule("KILL", "'a'", ",'errnoRet':2"), List.of(Problem.ERRNO_UNUSED)),
        arguments("ALLOW", rule("TRACE", "'a'", ",'errnoRet':2"), List.of()),
        arguments("ALLOW", rule("NOTIFY", "'a'"), List.of(Problem.NOTIFY_UNUSABLE)),
        arguments(
            "ALLOW",
            rule("NOTIFY", "'a','write'"),
            List.of(Problem.NOTIFY_UNUSABLE, Problem.NOTIFY_UNUSABLE)),
        arguments(
            "NOTIFY",
            "",
            List.of(Problem.NOTIFY_UNUSABLE, Problem.NOTIFY_UNUSABLE, Problem.RIGHTS_KEPT)),
        arguments("ALLOW", rule("ERRNO", "'a'", zero), List.of(Problem.FAKES_SUCCESS)),
        arguments("ALLOW", rule("ERRNO", "'a'", zero + condition), List.of(Problem.FAKES_SUCCESS)),
        // A message to a tracer is no errno.
        arguments("ALLOW", rule("TRACE", "'a'", zero), List.of()),
        arguments("ALLOW", rule("TRACE", "'setuid'"), List.of(Problem.RIGHTS_KEPT)),
        arguments("ALLOW", rule("ERRNO", "'prctl'", old), List.of(Problem.RIGHTS_KEPT)),
        arguments("ALLOW", rule("ERRNO", "'prctl'", old + drop), List.of(Problem.RIGHTS_KEPT)),
        arguments(
            "ALLOW",
            rule("ERRNO", "'prctl'", old + drop.replace("24", "47")),
            List.of(Problem.RIGHTS_KEPT)),
        arguments("ALLOW", rule("ERRNO", "'prctl'", old + drop.replace("24", "15")), List.of()),
        arguments("ALLOW", rule("ERRNO", "'prctl'"), List.of()),
        arguments(
            "ALLOW",
            rule("ERRNO", "'prctl'", old + ",'includes':{'caps':['CAP_BPF']}"),
            List.of(Problem.RIGHTS_KEPT)),
        arguments("ALLOW", rule("ERRNO", "'setuid'"), List.of()));
  }

  @Test
  void aListenerMakesNotificationsUsable() {
    assertThat(
            Lint.check(
                Profiles.profile(
                    "{'defaultAction':'SCMP_ACT_ALLOW','listenerPath':'/l','syscalls':["
                        + rule("NOTIFY", "'mkdir'")
                        + "]}")))
        .isEmpty();
  }

  @Test
  void whatRuncRefusesNamesRunc() {
    assertThat(
            Lint.check(
                Profiles.profile(
                    "{'defaultAction':'SCMP_ACT_ALLOW','flags':['SECCOMP_FILTER_FLAG_LOGG'],"
                        + "'architectures':['SCMP_ARCH_RISCV64'],'syscalls':["
                        + rule("ERRNO", "'mkdir'")
                        + "]}")))
        .satisfiesExactly(
            flags -> {
              assertThat(flags.problem()).isEqualTo(Problem.RUNC_REFUSES_FLAGS);
              assertThat(flags.message()).contains("not yet supported by runc");
            },
            flag -> {
              assertThat(flag.problem()).isEqualTo(Problem.UNKNOWN_FLAG);
              assertThat(flag.message()).endsWith("did you mean SECCOMP_FILTER_FLAG_LOG?");
            },
            architecture ->
                assertThat(architecture.message()).contains("runc 1.1", "SCMP_ARCH_RISCV64"));
  }

  @Test
  void whatIsMissingIsListed() {
    assertThat(Lint.check(Profiles.with("ERRNO", rule("ALLOW", MOST))))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).endsWith("to start: write"));
  }

  @Test
  void whoBelievesThatHeGaveRightsUpKeepsThem() {
    Finding finding =
        Lint.check(
                Profiles.with("ALLOW", rule("ERRNO", "'rmdir','capset','setuid'", ",'errnoRet':0")))
            .getFirst();
    assertThat(finding.message())
        .startsWith("errno 0 for rmdir, capset, setuid: ")
        .contains("drop rights with capset, setuid and keep them");
    assertThat(
            Lint.check(Profiles.with("ERRNO','defaultErrnoRet':0,'x':'", rule("ALLOW", ALL)))
                .getFirst()
                .message())
        .startsWith("errno 0 for every call without a rule");
    assertThat(
            Lint.check(Profiles.with("ERRNO','defaultErrnoRet':22,'x':'", rule("ALLOW", ALL)))
                .getFirst())
        .returns(Problem.RIGHTS_KEPT, Finding::problem);
  }
}
