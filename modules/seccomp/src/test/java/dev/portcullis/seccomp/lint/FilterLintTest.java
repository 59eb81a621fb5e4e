package dev.portcullis.seccomp.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Each finding beside the same profile without its cause.
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the calls that are expected are those of x86_64")
class FilterLintTest {
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final String ALL_X86 =
      "'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32']";

  private static List<Finding> findings(String head, String defaultAction, String rules) {
    Profile profile =
        Profiles.profile(
            "{"
                + head
                + ",'defaultAction':'SCMP_ACT_"
                + defaultAction
                + "','syscalls':["
                + rules
                + "]}");
    List<Finding> all = new ArrayList<>(Lint.check(profile));
    switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.RUNC)) {
      case Compilation.Compiled compiled ->
          all.addAll(
              FilterLint.check(
                  Profiles.resolved(profile),
                  Filters.of(compiled.program()),
                  Architecture.X86_64,
                  TABLE));
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    }
    return all;
  }

  private static List<Problem> problems(String defaultAction, String rules) {
    return findings(ALL_X86, defaultAction, rules).stream().map(Finding::problem).toList();
  }

  private static String message(Problem problem, String defaultAction, String rules) {
    return findings(ALL_X86, defaultAction, rules).stream()
        .filter(each -> each.problem() == problem)
        .map(Finding::message)
        .collect(Collectors.joining("\n"));
  }

  private static String rule(String action, String names, String... args) {
    return "{'names':["
        + names
        + "],'action':'SCMP_ACT_"
        + action
        + "','args':["
        + String.join(",", args)
        + "]}";
  }

  private static String arg(int index, long value, String op) {
    return "{'index':"
        + index
        + ",'value':"
        + Long.toUnsignedString(value)
        + ",'op':'SCMP_CMP_"
        + op
        + "'}";
  }

  private static String masked(int index, long mask, long bits) {
    return "{'index':"
        + index
        + ",'value':"
        + mask
        + ",'valueTwo':"
        + bits
        + ",'op':'SCMP_CMP_MASKED_EQ'}";
  }

  @Test
  void nothingToSay() {
    assertThat(problems("ALLOW", rule("ERRNO", "'reboot','ptrace'"))).isEmpty();
  }

  @Test
  void neverMatches() {
    assertThat(problems("ALLOW", rule("ERRNO", "'swapon','reboot'", arg(1, 0, "LT"))))
        .containsExactly(Problem.NEVER_MATCHES, Problem.FORBIDS_NOTHING);
    assertThat(problems("ALLOW", rule("ERRNO", "'swapon','reboot'", arg(1, -1, "GT"))))
        .containsExactly(Problem.NEVER_MATCHES, Problem.FORBIDS_NOTHING);
    assertThat(problems("ALLOW", rule("ERRNO", "'swapon','reboot'", masked(1, 15, 8)))).isEmpty();
  }

  /// What is said of the condition is what the filter does.
  @Test
  void bitsOutsideOfTheMask() {
    String reboot = "'swapon','reboot'";
    assertThat(message(Problem.VALUE_OUTSIDE_MASK, "ALLOW", rule("ERRNO", reboot, masked(1, 7, 9))))
        .isEqualTo(
            "argument 1: `valueTwo` 0x9 has bits outside the mask `value` 0x7; they are"
                + " dropped, and the condition becomes argument & 0x7 == 0x1");
    assertThat(message(Problem.VALUE_OUTSIDE_MASK, "ALLOW", rule("ERRNO", reboot, masked(1, 0, 5))))
        .endsWith(
            "argument & 0x0 == 0x0, which matches every value; the mask and the value seem to be"
                + " swapped: `value` is the mask, `valueTwo` the expected result");
    assertThat(message(Problem.VALUE_OUTSIDE_MASK, "ALLOW", rule("ERRNO", reboot, masked(1, 4, 5))))
        .contains("argument & 0x4 == 0x4; the mask and the value seem to be swapped");
    // Every call is denied, and that is said.
    assertThat(problems("ALLOW", rule("ERRNO", reboot, masked(1, 0, 5))))
        .containsExactly(
            Problem.VALUE_OUTSIDE_MASK,
            Problem.CONDITION_WITHOUT_EFFECT,
            Problem.CONDITION_WITHOUT_EFFECT);
    assertThat(problems("ALLOW", rule("ERRNO", reboot, masked(1, 5, 4)))).isEmpty();
  }

  /// A rule that libseccomp loses is found where its value lies outside of its mask, too.
  @Test
  void aLostRuleWithBitsOutsideOfItsMask() {
    String masked = rule("ERRNO", "'swapon'", masked(1, 240, 15));
    String equal = rule("KILL_PROCESS", "'swapon'", arg(1, 4, "EQ"));
    assertThat(problems("ALLOW", masked + "," + equal)).contains(Problem.VALUE_OUTSIDE_MASK);
  }

  @Test
  void repeatedArgument() {
    String low = arg(0, 10, "GE");
    assertThat(problems("ALLOW", rule("ERRNO", "'personality'", low, arg(0, 20, "LE"))))
        .containsExactly(Problem.REPEATED_ARGUMENT, Problem.CONDITION_WITHOUT_EFFECT);
    assertThat(problems("ALLOW", rule("ERRNO", "'personality'", low, arg(1, 20, "LE")))).isEmpty();
  }

  @Test
  void contradictoryRules() {
    String swapon = "'swapon','reboot'";
    assertThat(
            message(
                Problem.CONTRADICTORY_RULES,
                "ALLOW",
                rule("ERRNO", swapon) + "," + rule("KILL", swapon)))
        .contains("swapon is SCMP_ACT_KILL here and SCMP_ACT_ERRNO at 1:")
        .contains("the filter does EPERM");
    assertThat(problems("ALLOW", rule("ERRNO", swapon) + "," + rule("ERRNO", swapon))).isEmpty();
  }

  /// The pair of calls in each message is run through the filter before it is said.
  @Test
  void bitsThatTheKernelIgnores() {
    assertThat(
            message(
                Problem.UPPER_HALF_IGNORED, "ALLOW", rule("ERRNO", "'socket'", arg(0, 16, "EQ"))))
        .isEqualTo(
            "the kernel reads 32 bits of domain, and this filter compares 64: socket(0x10, 0, 0, 0,"
                + " 0, 0) is EPERM, and socket(0x100000010, 0, 0, 0, 0, 0) is ALLOW with the same"
                + " effect; compare with SCMP_CMP_MASKED_EQ and the mask 4294967295, as portcullis"
                + " profile derive does");
    assertThat(
            message(
                Problem.UPPER_HALF_IGNORED, "ALLOW", rule("ERRNO", "'chmod'", arg(1, 0777, "EQ"))))
        .startsWith("the kernel reads 16 bits of mode, ")
        .contains("chmod(0, 0x101ff, 0, 0, 0, 0) is ALLOW", "the mask 65535");
    for (String allowed : List.of("NE", "GT", "GE")) {
      assertThat(problems("ERRNO", rule("ALLOW", "'socket'", arg(0, 16, allowed))))
          .as(allowed)
          .contains(Problem.UPPER_HALF_IGNORED);
    }
    for (String denied : List.of("LT", "LE", "EQ")) {
      assertThat(problems("ALLOW", rule("ERRNO", "'kill'", arg(1, 9, denied))))
          .as(denied)
          .contains(Problem.UPPER_HALF_IGNORED);
    }
    // A negative number as C programs pass it, in either way.
    for (long minusOne : new long[] {-1, 0xffffffffL}) {
      assertThat(problems("ALLOW", rule("ERRNO", "'kill'", arg(0, minusOne, "EQ"))))
          .contains(Problem.UPPER_HALF_IGNORED);
      assertThat(problems("ERRNO", rule("ALLOW", "'kill'", arg(0, minusOne, "EQ"))))
          .doesNotContain(Problem.UPPER_HALF_IGNORED);
    }
  }

  /// Odd values that are denied, arguments of 64 bits, masks of the lower half.
  @Test
  void bitsThatDoNoHarm() {
    for (String allowed : List.of("LT", "LE", "EQ")) {
      assertThat(problems("ERRNO", rule("ALLOW", "'personality'", arg(0, 8, allowed))))
          .as(allowed)
          .doesNotContain(Problem.UPPER_HALF_IGNORED);
    }
    for (String denied : List.of("NE", "GT", "GE")) {
      assertThat(problems("ALLOW", rule("ERRNO", "'personality'", arg(0, 8, denied))))
          .as(denied)
          .doesNotContain(Problem.UPPER_HALF_IGNORED);
    }
    assertThat(problems("ALLOW", rule("ERRNO", "'socket'", masked(0, 0xffffffffL, 16))))
        .doesNotContain(Problem.UPPER_HALF_IGNORED);
    assertThat(problems("ALLOW", rule("ERRNO", "'clone'", masked(0, 0x10000000, 0x10000000))))
        .doesNotContain(Problem.UPPER_HALF_IGNORED);
    assertThat(problems("ALLOW", rule("ERRNO", "'mprotect'", arg(2, 7, "EQ"))))
        .doesNotContain(Problem.UPPER_HALF_IGNORED);
    // Denied in another way is denied.
    assertThat(
            problems(
                "ERRNO", rule("ALLOW", "'read'") + "," + rule("KILL", "'kill'", arg(1, 9, "EQ"))))
        .doesNotContain(Problem.UPPER_HALF_IGNORED);
  }

  /// One architecture is enough, and is named where it is not this one.
  @Test
  void bitsThatTheKernelIgnoresElsewhere() {
    String head = "'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_AARCH64']";
    List<Finding> findings =
        findings(
            head,
            "ALLOW",
            rule("ERRNO", "'kill'", arg(1, 9, "EQ")) + "," + rule("ERRNO", "'reboot'"));
    assertThat(findings)
        .filteredOn(each -> each.problem() == Problem.UPPER_HALF_IGNORED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).doesNotContain("aarch64"));
  }

  @Test
  void conditionWithoutEffect() {
    String clone = rule("ALLOW", "'clone'", masked(0, 0x10000000, 0));
    assertThat(
            message(
                Problem.CONDITION_WITHOUT_EFFECT,
                "ERRNO",
                clone + "," + rule("ALLOW", "'clone','read'")))
        .contains(
            "the conditions for clone have no effect: it is ALLOW for all arguments; the rule")
        .endsWith("has it without a condition");
    assertThat(problems("ERRNO", clone + "," + rule("ALLOW", "'read'")))
        .doesNotContain(Problem.CONDITION_WITHOUT_EFFECT);
  }

  @Test
  void equivalentAllowed() {
    assertThat(message(Problem.EQUIVALENT_ALLOWED, "ALLOW", rule("ERRNO", "'open','kill'")))
        .contains("open (openat, openat2), kill (tgkill, tkill, pidfd_send_signal, ");
    assertThat(problems("ALLOW", rule("ERRNO", "'open','openat','openat2'")))
        .doesNotContain(Problem.EQUIVALENT_ALLOWED);
    String clone = rule("ALLOW", "'clone'", masked(0, 0x10000000, 0));
    assertThat(
            message(Problem.EQUIVALENT_ALLOWED, "ERRNO", clone + "," + rule("ALLOW", "'clone3'")))
        .contains("clone (clone3)");
    assertThat(problems("ERRNO", clone)).doesNotContain(Problem.EQUIVALENT_ALLOWED);
    // As if the call were not there, so that an older one is made.
    assertThat(problems("ALLOW", "{'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38}"))
        .isEmpty();
  }

  @Test
  void ioUring() {
    String read = rule("ALLOW", "'read'");
    assertThat(
            message(
                Problem.IO_URING_AROUND, "ERRNO", read + "," + rule("ALLOW", "'io_uring_setup'")))
        .contains("connect", "openat")
        .doesNotContain(" read,");
    assertThat(problems("ERRNO", read)).doesNotContain(Problem.IO_URING_AROUND);
  }

  @Test
  void otherArchitectures() {
    String vsock = arg(0, 40, "NE");
    assertThat(message(Problem.WEAKER_ARCHITECTURE, "ERRNO", rule("ALLOW", "'socket'", vsock)))
        .contains(
            "programs of x86 may use calls that programs of x86_64 may not use: socketcall (for"
                + " socket)");
    assertThat(problems("ERRNO", rule("ALLOW", "'socket'")))
        .doesNotContain(Problem.WEAKER_ARCHITECTURE);
    // What is denied for some arguments, libseccomp denies for all in socketcall.
    assertThat(problems("ALLOW", rule("ERRNO", "'socket'", arg(0, 40, "EQ"))))
        .doesNotContain(Problem.WEAKER_ARCHITECTURE);
    assertThat(findings("'architectures':['SCMP_ARCH_X86_64']", "ALLOW", rule("ERRNO", "'reboot'")))
        .extracting(Finding::problem)
        .containsExactly(Problem.ARCHITECTURE_NOT_COVERED);
  }

  /// aarch64 and riscv64 have `mkdirat` only.
  @Test
  void callsThatAnArchitectureDoesNotHave() {
    String head = "'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_AARCH64','SCMP_ARCH_RISCV64']";
    assertThat(findings(head, "ALLOW", rule("ERRNO", "'mkdir'")))
        .filteredOn(each -> each.problem() == Problem.NO_SUCH_CALL)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .endsWith(
                    "mkdir on aarch64 (equivalent there: mkdirat), mkdir on riscv64"
                        + " (equivalent there: mkdirat)"));
    assertThat(findings(head, "ALLOW", rule("ERRNO", "'mkdir'")))
        .filteredOn(each -> each.problem() == Problem.FORBIDS_NOTHING)
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.message())
                .startsWith("on aarch64 and riscv64 this profile denies nothing"));
    List<Problem> both =
        findings(head, "ALLOW", rule("ERRNO", "'mkdir','mkdirat'")).stream()
            .map(Finding::problem)
            .toList();
    assertThat(both).doesNotContain(Problem.NO_SUCH_CALL, Problem.FORBIDS_NOTHING);
    // What is allowed here is not restricted by an architecture that runs nothing.
    assertThat(findings(head, "ERRNO", rule("ALLOW", "'mkdir','mkdirat'")))
        .extracting(Finding::problem)
        .doesNotContain(Problem.NO_SUCH_CALL);
    // As if it were not there.
    String absent = "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':38}";
    assertThat(findings(head, "ALLOW", absent))
        .extracting(Finding::problem)
        .doesNotContain(Problem.NO_SUCH_CALL);
    // Without the architecture in the list every call of it is killed.
    assertThat(problems("ALLOW", rule("ERRNO", "'mkdir','reboot'")))
        .doesNotContain(Problem.NO_SUCH_CALL, Problem.FORBIDS_NOTHING);
  }

  @Test
  void essentials() {
    String head = ALL_X86 + ",'listenerPath':'/l'";
    assertThat(findings(head, "ALLOW", rule("NOTIFY", "'close','swapon'")))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.NOTIFY_ESSENTIAL);
          assertThat(finding.message()).contains("to start: close;");
        });
    assertThat(findings(head, "ALLOW", rule("NOTIFY", "'swapon'"))).isEmpty();
    assertThat(
            message(Problem.DENIES_ESSENTIALS, "ALLOW", rule("ERRNO", "'mmap'", arg(2, 7, "EQ"))))
        .endsWith("container needs to start: mmap");
  }

  /// The same rule again and again; and more different ones than any filter can have.
  @Test
  void manyRules() {
    String swapon = rule("ERRNO", "'swapon','reboot'");
    assertThat(problems("ALLOW", String.join(",", Collections.nCopies(9_000, swapon)))).isEmpty();
    String names =
        "'mkdir','rmdir','rename','link','unlink','symlink','chmod','chown','mknod','mount',"
            + "'swapon','swapoff','reboot','sethostname','iopl','ioperm','ptrace','syslog','acct',"
            + "'chroot'";
    String different =
        IntStream.rangeClosed(0, 500)
            .mapToObj(i -> rule("ERRNO", names, arg(1, i, "EQ")))
            .collect(Collectors.joining(","));
    assertThat(
            Compiler.inThisProcess()
                .compile(Profiles.resolved(Profiles.with("ALLOW", different)), Dialect.RUNC))
        .isInstanceOfSatisfying(
            Compilation.Undecided.class,
            undecided -> assertThat(undecided.text()).contains("more than 10000 different rules"));
  }

  /// A rule that looks at an argument twice is one of each condition: those are counted, too.
  @Test
  void manyConditions() {
    String names =
        TABLE.of(Architecture.X86_64).values().stream()
            .limit(60)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(","));
    String[] conditions =
        IntStream.range(0, 1_100).mapToObj(i -> arg(0, i, "EQ")).toArray(String[]::new);
    assertThat(
            Compiler.inThisProcess()
                .compile(
                    Profiles.resolved(Profiles.with("ALLOW", rule("ERRNO", names, conditions))),
                    Dialect.RUNC))
        .isInstanceOfSatisfying(
            Compilation.Undecided.class,
            undecided -> assertThat(undecided.text()).contains("60000 conditions in them"));
  }
}
