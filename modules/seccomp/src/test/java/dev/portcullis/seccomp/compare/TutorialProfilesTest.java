package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.lint.Lint;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The profiles that people copy from Kubernetes' tutorial: audit.json lets everything through and
/// logs it, violation.json lets nothing through. Each has one line.
@EnabledOnOs(OS.LINUX)
class TutorialProfilesTest {
  private static final Profile AUDIT = Profiles.profile("{'defaultAction': 'SCMP_ACT_LOG'}");
  private static final Profile VIOLATION = Profiles.profile("{'defaultAction': 'SCMP_ACT_ERRNO'}");

  private static Filters filters(Profile profile) {
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.RUNC)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  private static Relation relation(Filters a, Filters b) {
    return switch (Comparison.of(a, b, SyscallTable.ofThisMachine())) {
      case Analysis.Understood(Comparison comparison) -> comparison.relation();
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void auditForbidsNothing() {
    assertThat(Lint.check(AUDIT))
        .extracting(Finding::problem)
        .contains(Problem.FORBIDS_NOTHING)
        .doesNotContain(Problem.DENIES_EVERYTHING);
  }

  @Test
  void violationForbidsEverything() {
    assertThat(Lint.check(VIOLATION))
        .extracting(Finding::problem)
        .contains(Problem.DENIES_EVERYTHING)
        .doesNotContain(Problem.FORBIDS_NOTHING);
  }

  /// A line in the log is more than nothing, for the machine's own architecture; calls of others
  /// end the process. What answers all calls with an errno answers those, too, by which rights are
  /// given up.
  @Test
  void eachIsNoWeakerThanTheOneBefore() {
    assertThat(relation(filters(AUDIT), Filters.NONE)).isEqualTo(Relation.STRICTER);
    assertThat(relation(filters(VIOLATION), filters(AUDIT))).isEqualTo(Relation.INCOMPARABLE);
    assertThat(relation(filters(AUDIT), filters(VIOLATION))).isEqualTo(Relation.WEAKER);
  }
}
