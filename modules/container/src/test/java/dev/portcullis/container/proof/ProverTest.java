package dev.portcullis.container.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.meaning.Bounds;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Filters as they might have been read from a process.
class ProverTest {
  private static final Prover PROVER = Prover.by(Compiler.inThisProcess(), Bounds.USUAL);

  private static Expectation profile(String rules) {
    return PROVER.expectation(
        ("{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_X86_64'],"
                + " 'syscalls': ["
                + rules
                + "]}")
            .replace('\'', '"')
            .getBytes(UTF_8));
  }

  private static final Expectation EXPECTED =
      profile("{'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW'}");

  /// What runc and what crun make of a profile.
  private static List<Filters> ways(Expectation expectation) {
    return ((Expectation.Known) expectation).ways();
  }

  private static Program program(Instruction... instructions) {
    return switch (Program.of(List.of(instructions))) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static Proof judge(Filters live) {
    return PROVER.judge(new LiveFilters(live, Duration.ZERO), EXPECTED);
  }

  @Test
  void eitherWayOfMakingItIsRight() {
    assertThat(ways(EXPECTED)).hasSize(2).doesNotHaveDuplicates();
    for (Filters way : ways(EXPECTED)) {
      assertThat(judge(way)).isEqualTo(new Proof.Proven(0, Duration.ZERO));
    }
  }

  /// A program that does the same by other instructions.
  @Test
  void theMeaningCounts() {
    Filters longer =
        Filters.of(
            program(
                Stream.concat(
                        Stream.of(new Instruction(0x05, 0, 0, 0)),
                        ways(EXPECTED).getLast().newestFirst().getFirst().instructions().stream())
                    .toArray(Instruction[]::new)));
    assertThat(ways(EXPECTED)).doesNotContain(longer);
    assertThat(judge(longer)).isEqualTo(new Proof.Proven(0, Duration.ZERO));
  }

  @Test
  void furtherFiltersAreCounted() {
    Program own =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 1, 0),
            Instruction.of(0x06, 0x80000000),
            Instruction.of(0x06, 0x7fff0000));
    for (Filters way : ways(EXPECTED)) {
      Program right = way.newestFirst().getFirst();
      assertThat(judge(new Filters(List.of(own, right))))
          .isEqualTo(new Proof.Proven(1, Duration.ZERO));
      assertThat(judge(new Filters(List.of(right, own))))
          .isEqualTo(new Proof.Proven(1, Duration.ZERO));
    }
    assertThat(judge(Filters.of(own))).isInstanceOf(Proof.Different.class);
  }

  @Test
  void noFilterAndAnotherOneAreDifferent() {
    assertThat(judge(Filters.NONE)).isInstanceOf(Proof.Different.class);
    Filters wider =
        ways(profile("{'names': ['read', 'write', 'mkdir'], 'action': 'SCMP_ACT_ALLOW'}"))
            .getLast();
    assertThat(judge(wider).text()).isEqualTo("different");
    assertThat(judge(wider).detail())
        .contains("mkdir(0, 0, 0, 0, 0, 0) on x86_64: the kernel has ALLOW, the profile has ");
  }

  /// As severe, and yet not the filter of the profile: told apart from a weaker one.
  @Test
  void anotherErrnoAloneIsEqual() {
    Filters other =
        ways(profile(
                "{'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW'},"
                    + "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}"))
            .getLast();
    assertThat(judge(other)).isInstanceOf(Proof.Equal.class);
    assertThat(judge(other).text()).isEqualTo("equal");
    assertThat(judge(other).detail())
        .contains(
            "it is as severe with every call",
            "mkdir(",
            "the kernel has EACCES, the profile has EPERM");
    // With a filter of the program's own, which denies more.
    Program own = other.newestFirst().getFirst();
    Program more =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 1, 0),
            Instruction.of(0x06, 0x80000000),
            Instruction.of(0x06, 0x7fff0000));
    assertThat(judge(new Filters(List.of(more, own))))
        .isInstanceOfSatisfying(
            Proof.Equal.class, equal -> assertThat(equal.further()).isEqualTo(1));
  }

  /// Errno 0, another errno for a call by which rights are given up, and what is stricter are no
  /// differences in an errno alone.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 0}",
        "{'names': ['setuid'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}",
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_KILL_PROCESS'}",
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_TRACE'}",
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_NOTIFY'}",
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_LOG'}"
      })
  void whatIsMoreThanAnotherErrnoIsDifferent(String rule) {
    Filters other =
        ways(profile("{'names': ['read', 'write'], 'action': 'SCMP_ACT_ALLOW'}," + rule)).getLast();
    assertThat(judge(other)).isInstanceOf(Proof.Different.class);
  }

  /// Of several filters the one that is closest is spoken of.
  @Test
  void aFilterOfTheProgramIsNotTakenForTheProfiles() {
    Program wider =
        ways(profile("{'names': ['read', 'write', 'mkdir'], 'action': 'SCMP_ACT_ALLOW'}"))
            .getLast()
            .newestFirst()
            .getFirst();
    Program own =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x25, 0, 1, 90),
            Instruction.of(0x06, 0x80000000),
            Instruction.of(0x06, 0x7fff0000));
    assertThat(judge(new Filters(List.of(own, wider))).detail())
        .startsWith("mkdir(0, 0, 0, 0, 0, 0) on x86_64: the kernel has ALLOW")
        .doesNotContain("KILL");
  }

  @Test
  void whatIsNoProfileIsNotKnown() {
    Expectation broken = PROVER.expectation("{}".getBytes(UTF_8));
    assertThat(broken).isInstanceOf(Expectation.Unknown.class);
    assertThat(PROVER.judge(new LiveFilters(Filters.NONE, Duration.ZERO), broken).text())
        .isEqualTo("unproven");
    assertThat(PROVER.judge(new LiveFilters(Filters.NONE, Duration.ZERO), Expectation.UNCONFINED))
        .isEqualTo(new Proof.Proven(0, Duration.ZERO));
  }

  /// It is not said that the process has another filter.
  @Test
  void whatLibseccompDidNotFinishIsNotExpected() {
    RulesetCompiler stuck = _ -> new RulesetCompiler.Undecided("libseccomp did not finish in 2 s");
    assertThat(
            Prover.by(Compiler.by(stuck), Bounds.USUAL)
                .expectation("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}".getBytes(UTF_8)))
        .isEqualTo(
            new Expectation.Unknown("cannot compile the filter: libseccomp did not finish in 2 s"));
  }
}
