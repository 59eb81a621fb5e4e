package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Denies what a container needs to start.
///
/// The list was measured: each system call of x86_64 denied alone with EPERM, under runc 1.1.5 with
/// `noNewPrivileges` and a static busybox. `write`, `close`, `openat`, `fstatfs` and `getdents64`
/// are runc's own between loading the filter and execve; the rest is the program's. runc's message
/// then does not mention seccomp ("container process is already dead"). `brk`, `mmap`, `read`,
/// `futex` and `exit_group` have stand-ins in a small program and none in a usual one.
final class DeniesEssentials implements Check {
  static final List<String> ESSENTIAL =
      List.of(
          "execve",
          "exit_group",
          "brk",
          "mmap",
          "mprotect",
          "rt_sigreturn",
          "read",
          "write",
          "close",
          "openat",
          "futex",
          "fstatfs",
          "getdents64");

  @Override
  public List<Finding> judge(Profile profile) {
    List<String> denied = denied(profile);
    if (denied.isEmpty()) {
      return List.of();
    }
    boolean everything =
        profile.defaultOutcome().action().denies()
            && profile.rules().stream().allMatch(rule -> rule.outcome().action().denies());
    Finding finding =
        everything
            ? new Finding(
                Problem.DENIES_EVERYTHING,
                profile.defaultOutcome().at(),
                "this profile denies every system call, so no container can start with it")
            : new Finding(
                Problem.DENIES_ESSENTIALS,
                profile.defaultOutcome().at(),
                "this profile denies calls that nearly every container needs to start: "
                    + String.join(", ", denied));
    return List.of(finding);
  }

  private static List<String> denied(Profile profile) {
    Set<String> mayPass = new HashSet<>();
    Set<String> alwaysDenied = new HashSet<>();
    for (Rule rule : profile.rules()) {
      for (SyscallName name : rule.names().list()) {
        if (!rule.outcome().action().denies()) {
          mayPass.add(name.name());
        } else if (rule.isUnconditional()) {
          alwaysDenied.add(name.name());
        }
      }
    }
    boolean byDefault = profile.defaultOutcome().action().denies();
    return ESSENTIAL.stream()
        .filter(name -> !mayPass.contains(name) && (byDefault || alwaysDenied.contains(name)))
        .toList();
  }
}
