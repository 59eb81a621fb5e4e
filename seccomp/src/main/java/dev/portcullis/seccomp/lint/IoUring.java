package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import java.util.List;

/// io_uring allowed, and a call denied that io_uring does as well: operations in the ring are no
/// system calls, so no filter sees them. With `IORING_SETUP_SQPOLL` not even `io_uring_enter` is
/// needed (io_uring_setup(2)).
final class IoUring implements FilterCheck {
  /// What has an operation of its own (`IORING_OP_*`, io_uring_enter(2) and linux/io_uring.h).
  private static final List<String> OPERATIONS =
      List.of(
          "accept4",
          "bind",
          "connect",
          "fallocate",
          "fsetxattr",
          "ftruncate",
          "futex_wait",
          "getxattr",
          "linkat",
          "listen",
          "mkdirat",
          "openat",
          "openat2",
          "read",
          "recvmsg",
          "renameat2",
          "sendmsg",
          "setxattr",
          "shutdown",
          "socket",
          "splice",
          "statx",
          "symlinkat",
          "tee",
          "unlinkat",
          "waitid",
          "write");

  @Override
  public List<Finding> judge(LintContext judged) {
    if (!LintContext.mayPass(judged.effects("io_uring_setup"))) {
      return List.of();
    }
    List<String> around =
        OPERATIONS.stream()
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
