package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;

/// What the file says and the filter does not have.
final class WithoutEffect implements Check {
  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    errno(profile.defaultOutcome(), "defaultErrnoRet", found);
    for (Rule rule : profile.rules()) {
      errno(rule.outcome(), "errnoRet", found);
      if (rule.outcome().sameAs(profile.defaultOutcome())) {
        found.add(
            new Finding(
                Problem.RULE_LIKE_DEFAULT,
                rule.at(),
                "this rule has the action of the default, so runtimes leave it out"));
      }
    }
    return found;
  }

  private static void errno(Outcome outcome, String field, List<Finding> found) {
    if (outcome.errno() != null && !outcome.action().takesErrno()) {
      found.add(
          new Finding(
              Problem.ERRNO_UNUSED,
              outcome.at(),
              "`" + field + "` has no effect with " + outcome.action().spelling()));
    }
  }
}
