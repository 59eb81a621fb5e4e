package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// A default that lets every call through, and no rule that does not.
///
/// The kernel then shows a filter (measured with runc 1.1.5: `Seccomp: 2`), so nothing that looks
/// at `/proc` will notice that it forbids nothing.
final class ForbidsNothing implements Check {
  @Override
  public List<Finding> judge(Profile profile) {
    Action byDefault = profile.defaultOutcome().action();
    if (!byDefault.letsThrough()
        || profile.rules().stream().anyMatch(rule -> !rule.outcome().action().letsThrough())) {
      return List.of();
    }
    String message =
        byDefault == Action.LOG
            ? "this profile only logs and denies nothing"
            : "this profile denies nothing, although the kernel will report a filter";
    return List.of(new Finding(Problem.FORBIDS_NOTHING, profile.defaultOutcome().at(), message));
  }
}
