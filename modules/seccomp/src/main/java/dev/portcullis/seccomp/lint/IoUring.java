package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.syscall.IoUringOperations;
import java.util.List;

/// io_uring allowed, and a call denied that io_uring does as well: operations in the ring are no
/// system calls, so no filter sees them. With `IORING_SETUP_SQPOLL` not even `io_uring_enter` is
/// needed (io_uring_setup(2)).
final class IoUring implements FilterCheck {
  @Override
  public List<Finding> judge(LintContext judged) {
    if (!LintContext.mayPass(judged.effects(IoUringOperations.SETUP))) {
      return List.of();
    }
    List<String> around =
        IoUringOperations.CALLS.stream()
            .filter(name -> !judged.effects(name).isEmpty())
            .filter(name -> !LintContext.alwaysPasses(judged.effects(name)))
            .toList();
    return around.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                Problem.IO_URING_AROUND,
                judged.profile().defaultOutcome().at(),
                "io_uring_setup is allowed, and io_uring can do what this profile denies, where"
                    + " seccomp cannot see it: "
                    + LintContext.list(around)));
  }
}
