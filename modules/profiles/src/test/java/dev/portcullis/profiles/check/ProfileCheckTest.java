package dev.portcullis.profiles.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// One content with something for each level.
class ProfileCheckTest {
  private static final String PROFILE =
      """
      {"defaultAction": "SCMP_ACT_ALLOW", "comment of mine": "",
       "syscalls": [
         {"names": ["mkdir", "mkdirr"], "action": "SCMP_ACT_ERRNO"},
         {"names": ["setuid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0},
         {"names": ["rmdir"], "action": "SCMP_ACT_ERRNO",
          "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
      """;

  private static final SyscallNamesCheck NAMES = SyscallNamesCheck.ofThisMachine();

  private static CheckLevel.Filter filter(Compiler compiler) {
    return new CheckLevel.Filter(
        ReadingMode.STRICT,
        new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of()),
        Dialect.RUNC,
        compiler,
        NAMES,
        SyscallTable.ofThisMachine());
  }

  private static List<Problem> problems(CheckLevel level) {
    return switch (ProfileCheck.of(PROFILE.getBytes(UTF_8), level)) {
      case ProfileParseResult.Read(_, List<Finding> findings) ->
          findings.stream().map(Finding::problem).distinct().toList();
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected);
    };
  }

  @Test
  void dangersAlone() {
    assertThat(problems(new CheckLevel.Dangers())).containsOnly(Problem.FAKES_SUCCESS);
  }

  @Test
  void theTextAndTheNames() {
    assertThat(problems(new CheckLevel.Names(NAMES)))
        .contains(Problem.FAKES_SUCCESS, Problem.UNKNOWN_FIELD, Problem.UNKNOWN_SYSCALL)
        .doesNotContain(Problem.DOCKER_FORMAT, Problem.EQUIVALENT_ALLOWED);
  }

  @Test
  void theFilterToo() {
    assertThat(problems(filter(Compiler.inThisProcess())))
        .contains(
            Problem.FAKES_SUCCESS,
            Problem.UNKNOWN_FIELD,
            Problem.UNKNOWN_SYSCALL,
            Problem.DOCKER_FORMAT,
            // mkdirat does the same.
            Problem.EQUIVALENT_ALLOWED);
  }

  @Test
  void aFilterThatIsNotMadeIsNoSuccess() {
    assertThat(problems(filter(Compiler.by(_ -> new RulesetCompiler.Undecided("no time")))))
        .contains(Problem.FILTER_NOT_MADE);
  }

  @Test
  void whatIsNoProfileIsNoneAtEachLevel() {
    for (CheckLevel level :
        List.of(
            new CheckLevel.Dangers(),
            new CheckLevel.Names(NAMES),
            filter(Compiler.inThisProcess()))) {
      assertThat(ProfileCheck.of("{}".getBytes(UTF_8), level))
          .isInstanceOfSatisfying(
              ProfileParseResult.Rejected.class,
              rejected ->
                  assertThat(rejected.findings())
                      .extracting(Finding::problem)
                      .contains(Problem.NO_DEFAULT_ACTION));
    }
  }
}
